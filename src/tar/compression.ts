import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { TarProblem } from './problem.ts'
import { through } from './streams.ts'
import type { Chunks } from './streams.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

/** Tells a stream's compression by its first bytes (gzip: RFC 1952, 2.3.1; zstd: RFC 8878, 3.1.1). */
export const compressionOf = (first: Buffer): Compression => {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip'
  if (first.length >= 4 && first.readUInt32LE(0) === 0xfd2fb528) return 'zstd'
  return 'none'
}

/**
 * Gives a stream decompressed.
 * @throws TarProblem while read, when the stream is damaged or cut, or this Node cannot read zstd.
 */
export const decompressed = async function* (
  chunks: Chunks,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  if (compression === 'none') return yield* chunks
  try {
    yield* through(chunks, decompressor(compression))
  } catch (error) {
    throw isZlibError(error) ? new TarProblem(`its ${compression} data is damaged or cut`) : error
  }
}

const decompressor = (compression: 'gzip' | 'zstd'): Transform => {
  if (compression === 'gzip') return zlib.createGunzip()
  const zstd = zstdOf(zlib)
  if (zstd !== null) return zstd()
  throw new TarProblem(
    `it is compressed by zstd, which Node ${process.versions.node} cannot read (22.15 and newer can)`,
  )
}

// node:zlib has zstd since Node 22.15 and 23.8; the types of Node 20 do not know it.
const zstdOf = (builtin: object): (() => Transform) | null => {
  const found: unknown = Reflect.get(builtin, 'createZstdDecompress')
  return typeof found === 'function' ? (found as () => Transform) : null
}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_ZSTD)/.test(String(error.code))
