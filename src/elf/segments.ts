import { fieldsOf, MAX_READ, type Bits, type ByteSource, type Fields } from './bytes.ts'
import { mustFit, NotLoadable, readWhole, type Header } from './header.ts'

/** One program header (System V ABI, "Program Header"); offsets and sizes in bytes. */
export interface Segment {
  readonly type: number
  readonly offset: bigint
  readonly address: bigint
  readonly fileSize: bigint
}

const PT_NULL = 0
export const PT_LOAD = 1
export const PT_DYNAMIC = 2
export const PT_INTERP = 3

const ET_CORE = 4

/**
 * Reads the program headers and checks that the file has every segment in full.
 * Throws CutShort when it has not, NotLoadable when Linux would refuse the table: entries of a wrong
 * size, or more than 64 KiB of them (a core file may have more; then the first 64 KiB are read).
 */
export const readSegments = async (source: ByteSource, header: Header): Promise<Segment[]> => {
  const { offset, count } = header.programHeaders
  if (count === 0) return []
  const entrySize = checkedEntrySize(header)
  mustFit(source, offset, BigInt(count * entrySize), 'program headers')
  const readable = Math.min(count, Math.floor(MAX_READ / entrySize))
  if (readable < count && header.type !== ET_CORE) throw new NotLoadable('too many program headers')
  const length = BigInt(readable * entrySize)
  const table = await readWhole(source, offset, length, 'program headers')
  const fields = fieldsOf(table, header.bits, header.endian)
  const segments = Array.from({ length: readable }, (_, index) =>
    segmentAt(fields, index * entrySize, header.bits),
  )
  checkSegments(source, segments)
  return segments
}

const checkedEntrySize = ({ bits, programHeaders }: Header): number => {
  const expected = bits === 64 ? 56 : 32
  if (programHeaders.entrySize !== expected) throw new NotLoadable('odd program headers')
  return expected
}

const segmentAt = ({ u32, word }: Fields, at: number, bits: Bits): Segment => {
  const wordBytes = bits / 8
  return {
    type: u32(at),
    offset: word(at + wordBytes),
    address: word(at + 2 * wordBytes),
    fileSize: word(at + 4 * wordBytes),
  }
}

const checkSegments = (source: ByteSource, segments: readonly Segment[]): void => {
  for (const [index, { type, offset, fileSize }] of segments.entries()) {
    if (type === PT_NULL || fileSize === 0n) continue
    mustFit(source, offset, fileSize, `segment ${index + 1} of ${segments.length}`)
  }
}

/**
 * Checks that the file has its section headers in full, as far as it has any. Throws CutShort.
 * Entries of a wrong size are let pass: Linux does not read them, and hand-made files put other bytes there.
 */
export const checkSections = (source: ByteSource, header: Header): void => {
  const { offset, entrySize, count } = header.sectionHeaders
  if (offset === 0n || entrySize !== (header.bits === 64 ? 64 : 40)) return
  mustFit(source, offset, BigInt(Math.max(1, count) * entrySize), 'section headers')
}
