import { CROSS } from '../ask/questions/arch.ts'

/** Returns where Debian and Ubuntu keep an architecture's libraries (Go's name), or null: https://wiki.debian.org/Multiarch/Tuples */
export const multiarchTuple = (arch: string): string | null =>
  OTHERS[arch] ?? CROSS[arch]?.machine ?? null

/** Those whose cross compiler has another name, or none. */
const OTHERS: Readonly<Record<string, string>> = {
  '386': 'i386-linux-gnu',
  loong64: 'loongarch64-linux-gnu',
  mips64le: 'mips64el-linux-gnuabi64',
  mipsle: 'mipsel-linux-gnu',
}
