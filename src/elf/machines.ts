import type { Bits, Endian } from './bytes.ts'

/** Names by machine number, bits and byte order (System V ABI, `e_machine`; names as engines use them). */
const NAMES: Readonly<Record<string, string>> = {
  '2 32 big': 'sparc',
  '3 32 little': '386',
  '4 32 big': 'm68k',
  '8 32 big': 'mips',
  '8 32 little': 'mipsle',
  '8 64 big': 'mips64',
  '8 64 little': 'mips64le',
  '20 32 big': 'ppc',
  '21 64 big': 'ppc64',
  '21 64 little': 'ppc64le',
  '22 32 big': 's390',
  '22 64 big': 's390x',
  '40 32 big': 'armbe',
  '40 32 little': 'arm',
  '43 64 big': 'sparc64',
  '50 64 little': 'ia64',
  '62 32 little': 'x32',
  '62 64 little': 'amd64',
  '183 64 big': 'arm64be',
  '183 64 little': 'arm64',
  '243 32 little': 'riscv32',
  '243 64 little': 'riscv64',
  '258 64 little': 'loong64',
}

/** Systems other than Linux that mark their programs (System V ABI, `EI_OSABI`). */
const SYSTEMS: Readonly<Record<number, string>> = {
  1: 'HP-UX',
  2: 'NetBSD',
  6: 'Solaris',
  7: 'AIX',
  9: 'FreeBSD',
  12: 'OpenBSD',
}

/** Returns the engine's name for an ELF file's machine, or `machine 0x1234` for one without a name here. */
export const archName = (machine: number, bits: Bits, endian: Endian): string =>
  NAMES[`${machine} ${bits} ${endian}`] ?? `machine 0x${machine.toString(16)}`

/** Returns the system an ELF file is marked for; `Linux` when it is marked for none that is known here. */
export const systemName = (osAbi: number): string => SYSTEMS[osAbi] ?? 'Linux'
