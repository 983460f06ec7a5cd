import { BLOCK, isZeros, paddingBytes } from './block.ts'
import { extensionOf, NO_EXTENSION, withExtension } from './extension.ts'
import type { Extension } from './extension.ts'
import { kindOf, parseHeader } from './header.ts'
import type { DeviceNumbers, EntryKind, RawHeader } from './header.ts'
import { paxNatural, paxNumber, paxValue, paxXattrs } from './pax.ts'
import { TarProblem } from './problem.ts'
import { bodySparse, gnuSparse, isMapInBody, paxSparse } from './sparse.ts'
import type { SparseMap } from './sparse.ts'
import { entryBody } from './body.ts'
import { byteReader } from './streams.ts'
import type { ByteReader, Chunks } from './streams.ts'

export type { DeviceNumbers, EntryKind } from './header.ts'

/** One entry of a tar. */
export interface TarEntry {
  /** As the tar has it, read as UTF-8; not to be trusted. */
  readonly path: string
  /** The same as bytes: names need not be text. */
  readonly pathBytes: Buffer
  readonly kind: EntryKind
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number
  /** Numeric owners; some tars have negative ones. */
  readonly uid: number
  readonly gid: number
  /** Seconds since 1970, perhaps with a fraction. */
  readonly mtime: number
  /** Bytes of the file; a sparse file's with its holes. 0 for everything but files. */
  readonly size: number
  /** Where a link leads, as the tar has it; empty for all else. */
  readonly linkPath: string
  readonly linkBytes: Buffer
  /** The numbers of a device node; zeros for all else. */
  readonly device: DeviceNumbers
  /** Extended attributes by name (`security.capability`), as bytes. */
  readonly xattrs: ReadonlyMap<string, Buffer>
  /** Whether the file has holes, which the tar does not store. */
  readonly isSparse: boolean
  /** Where the body begins in the tar. */
  readonly offset: number
  /** The body, holes as zeros; iterating again goes on where the last reader stopped. What is not read is skipped. */
  readonly body: Chunks
}

/** How a tar is read. */
export interface ReadOptions {
  /** A tar without its two final blocks of zeros counts as cut. */
  readonly strict?: boolean
  /** Called when the tar ends without a final block of zeros, at the end of an entry. */
  readonly onMissingEnd?: () => void
}

const LONGEST_EXTENSION = 1024 * 1024
const CHUNK = 1024 * 1024

/**
 * Returns the entries of a tar in order, and reads the stream to its end: v7, ustar, GNU (long names, numbers in base
 * 256, sparse files) and PAX. Memory stays bounded: about one chunk of the stream, one extension header (1 MiB at
 * most) and one sparse file's map. Where formats contradict each other it sides with Go's archive/tar, by which
 * engines unpack. Throws TarProblem when the tar is damaged or truncated, and the stream's own error.
 */
export const tarEntries = async function* (
  chunks: Chunks,
  options: ReadOptions = {},
): AsyncGenerator<TarEntry> {
  const reader = byteReader(chunks)
  const globals = { extension: NO_EXTENSION }
  try {
    for (;;) {
      const found = await nextEntry(reader, globals, options)
      if (found === null) break
      yield found.entry
      await found.finish()
    }
    while ((await reader.some(CHUNK)).length > 0);
  } finally {
    await reader.close()
  }
}

interface Found {
  readonly entry: TarEntry
  readonly finish: () => Promise<void>
}

const nextEntry = async (
  reader: ByteReader,
  globals: { extension: Extension },
  options: ReadOptions,
): Promise<Found | null> => {
  let extension = globals.extension
  for (;;) {
    const block = await headerBlock(reader, options)
    if (block === null) return null
    const header = parseHeader(block)
    if (!EXTENSIONS.includes(header.type)) return described(reader, block, header, extension)
    const more = extensionOf(header.type, await readExtension(reader, header))
    if (header.type !== 'g') extension = withExtension(extension, more)
    else {
      globals.extension = withExtension(globals.extension, more)
      extension = withExtension(globals.extension, extension)
    }
  }
}

const EXTENSIONS: readonly string[] = ['x', 'g', 'L', 'K']

const headerBlock = async (reader: ByteReader, options: ReadOptions): Promise<Buffer | null> => {
  const block = await reader.take(BLOCK)
  if (block.length === 0 && options.strict !== true) {
    options.onMissingEnd?.()
    return null
  }
  if (block.length < BLOCK) throw endsEarly()
  if (!isZeros(block)) return block
  const second = await reader.take(BLOCK)
  if (second.length === BLOCK) return null
  if (second.length > 0 || options.strict === true) throw endsEarly()
  options.onMissingEnd?.()
  return null
}

const endsEarly = (): TarProblem => new TarProblem('it ends early')

const readExtension = async (reader: ByteReader, header: RawHeader): Promise<Buffer> => {
  if (header.size > LONGEST_EXTENSION) throw new TarProblem('it has a tar header beyond 1 MiB')
  const whole = header.size + paddingBytes(header.size)
  const bytes = await reader.take(whole)
  if (bytes.length < whole) throw endsEarly()
  return bytes.subarray(0, header.size)
}

const described = async (
  reader: ByteReader,
  block: Buffer,
  header: RawHeader,
  { path, link, pax }: Extension,
): Promise<Found> => {
  const kind = kindOf(header)
  const isLink = kind === 'symlink' || kind === 'hardlink'
  const sparseName = kind === 'file' ? paxValue(pax, 'GNU.sparse.name') : undefined
  const pathBytes = path ?? sparseName ?? paxValue(pax, 'path') ?? header.name
  const linkBytes = isLink
    ? (link ?? paxValue(pax, 'linkpath') ?? header.linkName)
    : Buffer.alloc(0)
  const stored = hasBody(kind) ? (paxNatural(pax, 'size') ?? header.size) : 0
  const layout = await bodyLayout(reader, block, header, { kind, pax, stored })
  const { name, body, finish } = entryBody(reader, pathBytes, layout)
  const entry: TarEntry = {
    path: name,
    pathBytes,
    kind,
    mode: header.mode,
    uid: paxNumber(pax, 'uid') ?? header.uid,
    gid: paxNumber(pax, 'gid') ?? header.gid,
    mtime: paxNumber(pax, 'mtime') ?? header.mtime,
    size: layout.map?.size ?? layout.stored,
    linkPath: linkBytes.toString(),
    linkBytes,
    device: kind.endsWith('-device') ? header.device : { major: 0, minor: 0 },
    xattrs: paxXattrs(pax),
    isSparse: layout.map !== null,
    offset: reader.position(),
    body,
  }
  return { entry, finish }
}

// Links, directories and devices have no body, whatever their size field says.
const hasBody = (kind: EntryKind): boolean => kind === 'file' || kind === 'other'

interface Shape {
  readonly kind: EntryKind
  readonly pax: Extension['pax']
  readonly stored: number
}

const bodyLayout = async (
  reader: ByteReader,
  block: Buffer,
  header: RawHeader,
  { kind, pax, stored }: Shape,
): Promise<{ readonly map: SparseMap | null; readonly stored: number }> => {
  const next = async (): Promise<Buffer> => {
    const bytes = await reader.take(BLOCK)
    if (bytes.length < BLOCK) throw endsEarly()
    return bytes
  }
  if (header.type === 'S') return { map: await gnuSparse(block, next), stored }
  if (kind !== 'file') return { map: null, stored }
  if (isMapInBody(pax)) return bodySparse(pax, stored, next)
  return { map: paxSparse(pax), stored }
}
