import { fieldsOf, type Bits, type ByteSource, type Endian, type Fields } from './bytes.ts'

/** The file ends before something that its headers promise; `message` says which. */
export class CutShort extends Error {}

/** An ELF file with values that no kernel would load. */
export class NotLoadable extends Error {}

/** A table of the file: where it begins, how many entries, and how many bytes each. */
export interface Table {
  readonly offset: bigint
  readonly entrySize: number
  readonly count: number
}

/** The ELF header (System V ABI, "ELF Header"). */
export interface Header {
  readonly bits: Bits
  readonly endian: Endian
  readonly osAbi: number
  /** 1 relocatable, 2 executable, 3 shared or position-independent, 4 core. */
  readonly type: number
  readonly machine: number
  readonly entry: bigint
  readonly programHeaders: Table
  readonly sectionHeaders: Table
}

const IDENT_BYTES = 16

/** Reads the ELF header. Throws CutShort when the file is shorter, NotLoadable for an unknown class or byte order. */
export const readHeader = async (source: ByteSource): Promise<Header> => {
  const ident = await readWhole(source, 0n, BigInt(IDENT_BYTES), 'ELF header')
  const bits = bitsOf(ident[4])
  const endian = endianOf(ident[5])
  const bytes = await readWhole(source, 0n, bits === 64 ? 64n : 52n, 'ELF header')
  const fields = fieldsOf(bytes, bits, endian)
  return {
    bits,
    endian,
    osAbi: bytes[7] ?? 0,
    type: fields.u16(16),
    machine: fields.u16(18),
    entry: fields.word(24),
    ...tablesOf(fields, bits),
  }
}

/** Reads exactly `length` bytes from `at`. Throws CutShort, naming `what`, when the file has not that many. */
export const readWhole = async (
  source: ByteSource,
  at: bigint,
  length: bigint,
  what: string,
): Promise<Uint8Array> => {
  mustFit(source, at, length, what)
  const bytes = await source.read(Number(at), Number(length))
  if (bytes.length < Number(length)) throw new CutShort(`its ${what} could not be read to the end`)
  return bytes
}

/** Throws CutShort, naming `what`, when `length` bytes from `at` go past the end of the file. */
export const mustFit = (source: ByteSource, at: bigint, length: bigint, what: string): void => {
  const end = at + length
  if (end <= BigInt(source.size)) return
  throw new CutShort(`its ${what} should reach to byte ${end}, but the file has ${source.size}`)
}

const bitsOf = (elfClass: number | undefined): Bits => {
  if (elfClass === 1) return 32
  if (elfClass === 2) return 64
  throw new NotLoadable('neither 32 nor 64 bits')
}

const endianOf = (data: number | undefined): Endian => {
  if (data === 1) return 'little'
  if (data === 2) return 'big'
  throw new NotLoadable('no known byte order')
}

const tablesOf = (
  { u16, word }: Fields,
  bits: Bits,
): Pick<Header, 'programHeaders' | 'sectionHeaders'> => {
  const offsets = bits === 64 ? 32 : 28
  const counts = bits === 64 ? 54 : 42
  return {
    programHeaders: { offset: word(offsets), entrySize: u16(counts), count: u16(counts + 2) },
    sectionHeaders: {
      offset: word(offsets + bits / 8),
      entrySize: u16(counts + 4),
      count: u16(counts + 6),
    },
  }
}
