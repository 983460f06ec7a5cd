import { TarProblem } from './errors.ts'
import { byteReader } from './streams.ts'
import type { ByteReader, Chunks } from './streams.ts'
import { BLOCK } from './tar-header.ts'
import { isZeros, kindOf, parseHeader, parsePax } from './tar-parse.ts'
import type { EntryKind, Extension, RawHeader } from './tar-parse.ts'

/** One entry of a tar. */
export interface TarEntry {
  /** As the tar has it; not to be trusted. */
  readonly path: string
  readonly kind: EntryKind
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes of the body; 0 for everything but files. */
  readonly size: number
  readonly linkPath: string
  /** Where the body begins in the tar. */
  readonly offset: number
  /** The body; iterating again goes on where the last reader stopped. What is not read is skipped. */
  readonly body: Chunks
}

const LONGEST_EXTENSION = 1024 * 1024
const CHUNK = 1024 * 1024

/**
 * Gives the entries of a tar in order, in bounded memory, and reads the stream to its end.
 * With `strict` a tar without its two final blocks of zeros counts as cut.
 * @throws TarProblem when the tar is damaged or cut.
 */
export const tarEntries = async function* (
  chunks: Chunks,
  strict = false,
): AsyncGenerator<TarEntry> {
  const reader = byteReader(chunks)
  try {
    for (;;) {
      const found = await nextHeader(reader, strict)
      if (found === null) break
      const body = bodyOf(reader, found)
      yield { ...found, offset: reader.position(), body: body.chunks }
      await body.finish()
    }
    while ((await reader.some(CHUNK)).length > 0);
  } finally {
    await reader.close()
  }
}

type Described = Omit<TarEntry, 'offset' | 'body'>

const nextHeader = async (reader: ByteReader, strict: boolean): Promise<Described | null> => {
  let extension: Extension = {}
  for (;;) {
    const block = await headerBlock(reader, strict)
    if (block === null) return null
    const header = parseHeader(block)
    const kind = kindOf(header)
    if (kind !== 'extension') return described(header, kind, extension)
    extension = { ...extension, ...(await readExtension(reader, header)) }
  }
}

const headerBlock = async (reader: ByteReader, strict: boolean): Promise<Buffer | null> => {
  const block = await reader.take(BLOCK)
  if (block.length === 0 && !strict) return null
  if (block.length < BLOCK) throw new TarProblem('it ends early')
  if (!isZeros(block)) return block
  if (strict && (await reader.take(BLOCK)).length < BLOCK) throw new TarProblem('it ends early')
  return null
}

const described = (header: RawHeader, kind: EntryKind, extension: Extension): Described => ({
  path: extension.path ?? header.name,
  kind,
  mode: header.mode,
  uid: extension.uid ?? header.uid,
  gid: extension.gid ?? header.gid,
  size: hasBody(kind) ? (extension.size ?? header.size) : 0,
  linkPath: extension.linkPath ?? header.linkName,
})

// Links, directories and devices have no body, whatever their size field says.
const hasBody = (kind: EntryKind): boolean => kind === 'file' || kind === 'other'

const readExtension = async (reader: ByteReader, header: RawHeader): Promise<Extension> => {
  if (header.size > LONGEST_EXTENSION) throw new TarProblem('it has a tar header beyond 1 MiB')
  const bytes = await reader.take(header.size)
  const filled = await reader.take(paddingOf(header.size))
  if (bytes.length < header.size || filled.length < paddingOf(header.size)) {
    throw new TarProblem('it ends early')
  }
  if (header.type === 'x') return parsePax(bytes)
  if (header.type === 'L') return { path: untilZero(bytes) }
  if (header.type === 'K') return { linkPath: untilZero(bytes) }
  return {}
}

const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK

const untilZero = (bytes: Buffer): string => {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end)
}

interface Body {
  readonly chunks: Chunks
  readonly finish: () => Promise<void>
}

const bodyOf = (reader: ByteReader, entry: Described): Body => {
  let left = entry.size
  const part = async (most: number): Promise<Buffer> => {
    const bytes = await reader.some(Math.min(CHUNK, most))
    if (bytes.length === 0) throw new TarProblem(`it ends early, within ${shown(entry.path)}`)
    return bytes
  }
  const read = async function* (): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const bytes = await part(left)
      left -= bytes.length
      yield bytes
    }
  }
  const finish = async (): Promise<void> => {
    for (let rest = left + paddingOf(entry.size); rest > 0;) rest -= (await part(rest)).length
  }
  return { chunks: { [Symbol.asyncIterator]: read }, finish }
}

const LONGEST_SHOWN = 120

/** Gives a path for a message: printable, and cut when it is long. */
export const shown = (path: string): string => {
  const printable = path.slice(0, LONGEST_SHOWN + 1).replace(/\p{C}/gu, '?')
  return printable.length > LONGEST_SHOWN ? `${printable.slice(0, LONGEST_SHOWN)}…` : printable
}
