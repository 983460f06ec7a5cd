import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { BLOCK, isZeros } from '../tar/block.ts'
import { compressionOf, decompressed } from '../tar/compression.ts'
import type { Compression } from '../tar/compression.ts'
import { isHeader } from '../tar/header.ts'
import { TarProblem } from '../tar/problem.ts'
import { tarEntries } from '../tar/read.ts'
import type { ReadOptions, TarEntry } from '../tar/read.ts'
import { abortable, byteReader, metered, prepended, restOf, sliced } from '../tar/streams.ts'
import type { Budget, Chunks } from '../tar/streams.ts'
import { NotAnArchive } from './errors.ts'
import { folderEntries, isImageFolder } from './folder.ts'

/** How entries are read. */
export interface EntryOptions extends ReadOptions {
  readonly signal?: AbortSignal | undefined
}

/** Something that begins like a tar, perhaps compressed as a whole, or a folder with an image layout in it. */
export interface ArchiveSource {
  /** Its name for messages. */
  readonly path: string
  /** Bytes of the file; 0 when nobody knows. */
  readonly size: number
  /** Returns the entries of the tar. A stream's can be read only once. */
  readonly entries: (budget: Budget, options: EntryOptions) => AsyncIterable<TarEntry>
  /** Returns a part of the tar; offsets are those of the uncompressed tar. Throws for a stream or a folder. */
  readonly part: (offset: number, length: number) => Chunks
}

const READ = { highWaterMark: 256 * 1024 }

/**
 * Returns the file or folder at a path as an archive. Throws NotAnArchive when it is none; the file system's error when
 * it cannot be read.
 */
export const openArchive = async (path: string): Promise<ArchiveSource> => {
  const found = await stat(path)
  if (found.isDirectory()) return openFolder(path)
  if (!found.isFile()) throw new NotAnArchive(path, 'it is not a regular file')
  const { compression } = await begin(createReadStream(path, READ), path, true)
  const plain = (): Chunks => decompressed(createReadStream(path, READ), compression)
  return {
    path,
    size: found.size,
    entries: (budget, options) =>
      tarEntries(bounded(plain(), compression, budget, options), options),
    part: (offset, length) =>
      compression === 'none' ? filePart(path, offset, length) : sliced(plain(), offset, length),
  }
}

/** Returns a stream as an archive that can be read once. Throws as `openArchive` does. */
export const openStream = async (chunks: Chunks, name: string): Promise<ArchiveSource> => {
  const { compression, plain } = await begin(chunks, name, false)
  return {
    path: name,
    size: 0,
    entries: (budget, options) => tarEntries(bounded(plain, compression, budget, options), options),
    part: () => {
      throw new Error(`${name} can be read only once`)
    },
  }
}

const openFolder = async (path: string): Promise<ArchiveSource> => {
  if (!(await isImageFolder(path))) throw new NotAnArchive(path, 'it is a directory')
  return {
    path,
    size: 0,
    entries: (_, { signal }) => folderEntries(path, signal),
    part: () => {
      throw new Error(`${path} is a folder`)
    },
  }
}

const bounded = (
  chunks: Chunks,
  compression: Compression,
  budget: Budget,
  { signal }: EntryOptions,
): Chunks => abortable(compression === 'none' ? chunks : metered(chunks, budget), signal)

/**
 * Returns whether a file begins like a tar, perhaps compressed as a whole; only `inspectArchive` says whether images
 * are in it. Throws the file system's error when it cannot be read.
 */
export const isArchive = async (path: string): Promise<boolean> => {
  try {
    await openArchive(path)
    return true
  } catch (error) {
    if (error instanceof NotAnArchive) return false
    throw error
  }
}

const filePart = (path: string, offset: number, length: number): Chunks =>
  createReadStream(path, { ...READ, start: offset, end: offset + Math.max(length, 1) - 1 })

interface Begun {
  readonly compression: Compression
  /** All of it, uncompressed. */
  readonly plain: Chunks
}

/** Looks at the first block of a stream; `only` ends the stream after that. */
const begin = async (chunks: Chunks, name: string, only: boolean): Promise<Begun> => {
  const stored = byteReader(chunks)
  try {
    const first = await stored.take(BLOCK)
    const compression = compressionOf(first)
    const plain = byteReader(decompressed(prepended([first], restOf(stored)), compression))
    const block = await firstBlock(plain, name)
    checkFirstBlock(name, block, compression)
    if (only) await plain.close()
    return { compression, plain: prepended([block], restOf(plain)) }
  } catch (error) {
    await stored.close()
    throw error
  } finally {
    if (only) await stored.close()
  }
}

const firstBlock = async (reader: ReturnType<typeof byteReader>, name: string): Promise<Buffer> => {
  try {
    return await reader.take(BLOCK)
  } catch (error) {
    throw error instanceof TarProblem ? new NotAnArchive(name, error.message) : error
  }
}

const checkFirstBlock = (name: string, block: Buffer, compression: Compression): void => {
  if (isHeader(block)) return
  const inside = compression === 'none' ? 'it' : `what ${compression} compressed in it`
  const known = whatItIs(block)
  throw new NotAnArchive(name, `${inside} ${known.what}`, known.todo ?? [])
}

interface Known {
  readonly what: string
  readonly todo?: readonly string[]
}

const MAGICS: readonly (readonly [string, Known])[] = [
  ['\x7fELF', { what: 'is an executable (ELF), not a tar' }],
  ['\x1f\x8b', { what: 'is gzip data again, not a tar' }],
  ['BZh', { what: 'is bzip2 data again, not a tar' }],
  ['\xfd7zXZ\0', { what: 'is xz data again, not a tar' }],
  ['PK\x03\x04', { what: 'is a zip file, not a tar' }],
  ['#!', { what: 'is a script, not a tar' }],
  ['{', { what: 'is JSON text, not a tar' }],
  [
    '\xff\xfe',
    {
      what: "is UTF-16 text: PowerShell's > turned the bytes of a program's output into text",
      todo: ['Have it written as it is: docker save -o image.tar NAME'],
    },
  ],
  [
    '\xef\xbb\xbf',
    {
      what: "is text with a byte order mark: a shell's > may have turned bytes into text",
      todo: ['Have it written as it is: docker save -o image.tar NAME'],
    },
  ],
]

const whatItIs = (block: Buffer): Known => {
  if (block.length === 0) return { what: 'is empty' }
  const text = block.toString('latin1')
  const known = MAGICS.find(([magic]) => text.startsWith(magic))
  if (known !== undefined) return known[1]
  if (block.length < BLOCK) return { what: 'is shorter than one block of a tar' }
  if (isZeros(block)) return { what: 'begins with zeros, as an empty tar does' }
  return { what: 'does not begin like a tar' }
}
