import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { BootstrapError } from '../errors.ts'

/** The endings of index files that are read, the fastest to read first. */
export const INDEX_ENDINGS = ['.gz', '.xz', '.zst', ''] as const

export type IndexEnding = (typeof INDEX_ENDINGS)[number]

/**
 * Returns the `size` bytes that a verified index file holds. Throws `index-malformed` when it can't be read or holds
 * another number of bytes, before more memory than that is taken.
 */
export const inflateIndex = async (
  bytes: Buffer,
  ending: IndexEnding,
  size: number,
  what: string,
): Promise<Buffer> => {
  const inflated = await inflate[ending](bytes, size).catch((error: unknown) => {
    throw malformed(what, 'it cannot be decompressed', error)
  })
  if (inflated.length !== size) throw malformed(what, 'its size is not the one listed')
  return inflated
}

const malformed = (what: string, why: string, cause?: unknown): BootstrapError =>
  new BootstrapError(
    'index-malformed',
    `${what} can't be used: ${why}.`,
    ['Try another mirror with --mirror URL.'],
    cause,
  )

type Inflate = (bytes: Buffer, size: number) => Promise<Buffer>

const unzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)

/** All into one piece, which has room for a byte more than promised: pieces would have to be put together, twice the memory. */
const gunzip: Inflate = (bytes, size) => {
  const chunkSize = Math.min(Math.max(LEAST_CHUNK, size + 1), LARGEST_PIECE)
  return unzip(bytes, { maxOutputLength: Math.max(1, size), chunkSize })
}

/** Of zlib. */
const LEAST_CHUNK = 64

/** Twice Debian's; a damaged index may promise anything, and no memory is asked for on its word. */
const LARGEST_PIECE = 128 * 1024 * 1024

/** Collects parts into one buffer of the promised size; more than that is refused. */
const collector = (size: number) => {
  const whole = Buffer.allocUnsafe(size)
  let at = 0
  return {
    add: (part: Uint8Array) => {
      if (at + part.length > size) throw new Error('more than promised')
      whole.set(part, at)
      at += part.length
    },
    done: () => whole.subarray(0, at),
  }
}

const unxz: Inflate = async (bytes, size) => {
  const loaded: typeof import('xz-decompress') & { default?: typeof import('xz-decompress') } =
    await import('xz-decompress')
  // A CommonJS module: bundled it has the name itself, unbundled only its default has.
  const { XzReadableStream } = loaded.default ?? loaded
  const stream = new XzReadableStream(new Blob([new Uint8Array(bytes)]).stream())
  const { add, done } = collector(size)
  for await (const part of stream) add(part)
  return done()
}

const unzstd: Inflate = async (bytes, size) => {
  const { Decompress } = await import('fzstd')
  const { add, done } = collector(size)
  const stream = new Decompress(add)
  stream.push(new Uint8Array(bytes), true)
  return done()
}

const inflate: Readonly<Record<IndexEnding, Inflate>> = {
  '.gz': gunzip,
  '.xz': unxz,
  '.zst': unzstd,
  '': bytes => Promise.resolve(bytes),
}
