import { cleanText, hasBytes, type Bits, type ByteSource, type Endian } from './bytes.ts'
import { readDynamic, UNNAMED, type Dynamic } from './dynamic.ts'
import { CutShort, NotLoadable, readHeader, type Header } from './header.ts'
import { archName, systemName } from './machines.ts'
import { checkSections, PT_INTERP, PT_LOAD, readSegments, type Segment } from './segments.ts'

export type ElfType = 'executable' | 'shared' | 'relocatable' | 'core'
export type Linkage = 'static' | 'static-pie' | 'dynamic'

/** What an ELF file says about itself. Serialisable; its texts are fit for a terminal. */
export interface ElfFacts {
  /** The engine's name for its machine, or `machine 0x1234`. */
  readonly arch: string
  readonly bits: Bits
  readonly endian: Endian
  /** The system it is marked for; `Linux` unless it is marked for another. */
  readonly system: string
  /** What it is for: a position-independent program is an executable, not a shared library. */
  readonly type: ElfType
  /** How its parts come together when it runs; without meaning for relocatable and core files. */
  readonly linkage: Linkage
  /** The loader it asks for, or null. */
  readonly interpreter: string | null
  /** The libraries it needs, in the file's order. */
  readonly needed: readonly string[]
  /** The address where it starts, as `0x401000`. */
  readonly entry: string
}

export type ElfReading =
  | { readonly kind: 'elf'; readonly elf: ElfFacts }
  | { readonly kind: 'cut'; readonly what: string }
  | { readonly kind: 'unknown' }

/** True when `head`, the first bytes of a file, are those of an ELF file. */
export const isElf = (head: Uint8Array): boolean => hasBytes(head, [0x7f, 0x45, 0x4c, 0x46])

/**
 * Reads the headers and the dynamic section of an ELF file: a few reads of 64 KiB at most.
 * Returns `cut` when the file ends too early and `unknown` when no kernel would load it.
 * Rejects only when the file can't be read.
 */
export const readElf = async (source: ByteSource): Promise<ElfReading> => {
  try {
    return { kind: 'elf', elf: await readFacts(source) }
  } catch (error) {
    if (error instanceof CutShort) return { kind: 'cut', what: error.message }
    if (error instanceof NotLoadable) return { kind: 'unknown' }
    throw error
  }
}

const readFacts = async (source: ByteSource): Promise<ElfFacts> => {
  const header = await readHeader(source)
  const segments = await readSegments(source, header)
  checkSections(source, header)
  const interpreter = await readInterpreter(source, segments)
  const dynamic = await readDynamic(source, header, segments)
  const type = typeOf(header, segments, interpreter, dynamic)
  const needed = dynamic?.needed ?? []
  return {
    arch: archName(header.machine, header.bits, header.endian),
    bits: header.bits,
    endian: header.endian,
    system: systemName(header.osAbi),
    type,
    linkage: linkageOf(header, type, interpreter !== null || needed.length > 0),
    interpreter,
    needed,
    entry: `0x${header.entry.toString(16)}`,
  }
}

const MAX_PATH_BYTES = 4096

/** Returns the path of the loader that a program's segments name, or null. Rejects only when it can't be read. */
export const readInterpreter = async (
  source: ByteSource,
  segments: readonly Segment[],
): Promise<string | null> => {
  const segment = segments.find(({ type }) => type === PT_INTERP)
  if (segment === undefined) return null
  const length = Math.min(Number(segment.fileSize), MAX_PATH_BYTES)
  return cleanText(await source.read(Number(segment.offset), length)) || UNNAMED
}

const typeOf = (
  header: Header,
  segments: readonly Segment[],
  interpreter: string | null,
  dynamic: Dynamic | null,
): ElfType => {
  if (header.type === 1) return 'relocatable'
  if (header.type === 4) return 'core'
  if (header.type !== 2 && header.type !== 3) throw new NotLoadable('no known type')
  if (!segments.some(({ type }) => type === PT_LOAD)) throw new NotLoadable('nothing to load')
  if (header.type === 2) return 'executable'
  return isProgram(header, interpreter, dynamic) ? 'executable' : 'shared'
}

/** Older linkers set no PIE flag; then the loader, the debugger's slot and the missing library name tell. */
const isProgram = (
  header: Header,
  interpreter: string | null,
  dynamic: Dynamic | null,
): boolean => {
  if (dynamic === null) return interpreter !== null || header.entry !== 0n
  if (dynamic.isPie) return true
  return !dynamic.hasSoname && (interpreter !== null || dynamic.hasDebugSlot)
}

const linkageOf = (header: Header, type: ElfType, needsLoader: boolean): Linkage => {
  if (needsLoader || type === 'shared') return 'dynamic'
  return header.type === 3 ? 'static-pie' : 'static'
}
