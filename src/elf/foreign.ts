import { fieldsOf, hasBytes, type ByteSource, type Endian } from './bytes.ts'

/** A program for macOS; a universal one names all its architectures: `amd64 and arm64`. */
export interface MachO {
  readonly kind: 'mach-o'
  readonly arch: string
  readonly universal: boolean
}

/** A program for Windows. */
export interface Pe {
  readonly kind: 'pe'
  readonly arch: string
}

/** Magic numbers of a Mach-O file for one architecture (`mach-o/loader.h`), read in big-endian order. */
const THIN: ReadonlyMap<number, Endian> = new Map([
  [0xfeedface, 'big'],
  [0xfeedfacf, 'big'],
  [0xcefaedfe, 'little'],
  [0xcffaedfe, 'little'],
])

/** CPU types of Mach-O (`mach/machine.h`). */
const MACH_CPUS: Readonly<Record<number, string>> = {
  0x7: '386',
  0xc: 'arm',
  0x12: 'ppc',
  0x1000007: 'amd64',
  0x100000c: 'arm64',
  0x1000012: 'ppc64',
  0x200000c: 'arm64_32',
}

/** Machines of PE files (PE format, "Machine Types"). */
const PE_MACHINES: Readonly<Record<number, string>> = {
  0x14c: '386',
  0x1c0: 'arm',
  0x1c4: 'arm',
  0x200: 'ia64',
  0x5064: 'riscv64',
  0x6264: 'loong64',
  0x8664: 'amd64',
  0xaa64: 'arm64',
}

const FAT_MAGIC = 0xcafebabe
const FAT_MAGIC_64 = 0xcafebabf

/** A Java class begins with the fat magic too; its version, in the count's place, is 45 or more. */
const FAT_LIMIT = 45

/** Recognises a Mach-O file by its first bytes; null for anything else. */
export const machO = (head: Uint8Array): MachO | null => {
  if (head.length < 8) return null
  const { u32 } = fieldsOf(head, 32, 'big')
  const magic = u32(0)
  const endian = THIN.get(magic)
  if (endian !== undefined) {
    return { kind: 'mach-o', arch: cpuName(fieldsOf(head, 32, endian).u32(4)), universal: false }
  }
  if (magic !== FAT_MAGIC && magic !== FAT_MAGIC_64) return null
  const count = u32(4)
  if (count === 0 || count >= FAT_LIMIT) return null
  const arch = fatCpus(head, count, magic === FAT_MAGIC ? 20 : 32).map(cpuName)
  return { kind: 'mach-o', arch: arch.join(' and ') || 'no architecture', universal: true }
}

const fatCpus = (head: Uint8Array, count: number, entryBytes: number): number[] => {
  const { u32 } = fieldsOf(head, 32, 'big')
  const places = Array.from({ length: count }, (_, index) => 8 + index * entryBytes)
  return places.filter(at => at + 4 <= head.length).map(at => u32(at))
}

const cpuName = (cpu: number): string => MACH_CPUS[cpu] ?? `machine 0x${cpu.toString(16)}`

/** Recognises a PE file by its two signatures, `MZ` and `PE`; null for anything else. */
export const pe = async (head: Uint8Array, source: ByteSource): Promise<Pe | null> => {
  if (!hasBytes(head, [0x4d, 0x5a]) || head.length < 64) return null
  const at = fieldsOf(head, 32, 'little').u32(0x3c)
  const start = await source.read(at, 6)
  if (start.length < 6 || !hasBytes(start, [0x50, 0x45, 0, 0])) return null
  const machine = fieldsOf(start, 32, 'little').u16(4)
  return { kind: 'pe', arch: PE_MACHINES[machine] ?? `machine 0x${machine.toString(16)}` }
}
