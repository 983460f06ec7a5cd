import { cleanText, fieldsOf, MAX_READ, type ByteSource } from './bytes.ts'
import { readWhole, type Header } from './header.ts'
import { PT_DYNAMIC, PT_LOAD, type Segment } from './segments.ts'

/** What the dynamic section tells (System V ABI, "Dynamic Section"). */
export interface Dynamic {
  /** Names of the libraries it needs, at most 512. */
  readonly needed: readonly string[]
  /** It has a library's name of its own. */
  readonly hasSoname: boolean
  /** The linker marked it as a position-independent executable. */
  readonly isPie: boolean
  /** It has the slot for a debugger that linkers give to executables only. */
  readonly hasDebugSlot: boolean
}

/** Stands for a loader or library whose name can't be read. */
export const UNNAMED = '(unnamed)'

const DT_NULL = 0n
const DT_NEEDED = 1n
const DT_STRTAB = 5n
const DT_SONAME = 14n
const DT_DEBUG = 21n
const DT_FLAGS_1 = 0x6ffffffbn
const DF_1_PIE = 0x08000000n

const MAX_NEEDED = 512
const MAX_NAME_BYTES = 1024

interface Entry {
  readonly tag: bigint
  readonly value: bigint
}

/** Reads the dynamic section, its first 64 KiB at most; null when the file has none. Throws CutShort. */
export const readDynamic = async (
  source: ByteSource,
  header: Header,
  segments: readonly Segment[],
): Promise<Dynamic | null> => {
  const segment = segments.find(({ type }) => type === PT_DYNAMIC)
  if (segment === undefined) return null
  const entries = await readEntries(source, header, segment)
  return {
    needed: await readNeeded(source, segments, entries),
    hasSoname: entries.some(({ tag }) => tag === DT_SONAME),
    isPie: entries.some(({ tag, value }) => tag === DT_FLAGS_1 && (value & DF_1_PIE) !== 0n),
    hasDebugSlot: entries.some(({ tag }) => tag === DT_DEBUG),
  }
}

const readEntries = async (
  source: ByteSource,
  { bits, endian }: Header,
  { offset, fileSize }: Segment,
): Promise<Entry[]> => {
  const wordBytes = bits / 8
  const length = fileSize < BigInt(MAX_READ) ? fileSize : BigInt(MAX_READ)
  const bytes = await readWhole(source, offset, length, 'dynamic section')
  const { word } = fieldsOf(bytes, bits, endian)
  const entries: Entry[] = []
  for (let at = 0; at + 2 * wordBytes <= bytes.length; at += 2 * wordBytes) {
    const tag = word(at)
    if (tag === DT_NULL) break
    entries.push({ tag, value: word(at + wordBytes) })
  }
  return entries
}

const readNeeded = async (
  source: ByteSource,
  segments: readonly Segment[],
  entries: readonly Entry[],
): Promise<string[]> => {
  const names = entries.filter(({ tag }) => tag === DT_NEEDED).slice(0, MAX_NEEDED)
  const table = entries.find(({ tag }) => tag === DT_STRTAB)
  const tableOffset = table === undefined ? null : fileOffset(segments, table.value)
  if (tableOffset === null) return names.map(() => UNNAMED)
  return Promise.all(names.map(({ value }) => readName(source, Number(tableOffset + value))))
}

/** The dynamic section gives memory addresses; the loaded segments say where in the file they are. */
const fileOffset = (segments: readonly Segment[], address: bigint): bigint | null => {
  const home = segments.find(
    segment =>
      segment.type === PT_LOAD &&
      address >= segment.address &&
      address < segment.address + segment.fileSize,
  )
  return home === undefined ? null : address - home.address + home.offset
}

const readName = async (source: ByteSource, at: number): Promise<string> =>
  cleanText(await source.read(at, MAX_NAME_BYTES)) || UNNAMED
