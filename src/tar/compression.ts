import * as zlib from 'node:zlib'
import { TarProblem } from './problem.ts'
import { through } from './streams.ts'
import type { Chunks } from './streams.ts'

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2'

/**
 * Returns a stream's compression by its first bytes (gzip: RFC 1952, 2.3.1; zstd: RFC 8878, 3.1.1 and 3.1.2, where a
 * skippable frame may come first; xz: xz-file-format 1.2, 2.1.1.1; bzip2 begins with `BZh` and the digit of its size).
 */
export const compressionOf = (first: Buffer): Compression => {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip'
  if (first.toString('latin1', 0, 6) === '\xfd7zXZ\0') return 'xz'
  if (/^BZh[1-9](1AY&SY|\x17rE8P\x90)/.test(first.toString('latin1', 0, 10))) return 'bzip2'
  if (first.length < 4) return 'none'
  const magic = first.readUInt32LE(0)
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : 'none'
}

/**
 * Returns a stream decompressed; several members, frames or streams one after another count as one. Memory stays
 * bounded: a window of 128 MiB at most. Reading it throws TarProblem when it is damaged or truncated, and UnreadProblem
 * when it asks for what is not given.
 */
export const decompressed = async function* (
  chunks: Chunks,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  if (compression === 'none') {
    yield* chunks
    return
  }
  const source = watched(chunks)
  try {
    yield* await READERS[compression](source.chunks)
  } catch (error) {
    // What the stream itself failed with is not a fault of its data.
    if (source.failures.length > 0) throw source.failures[0]
    if (error instanceof TarProblem) throw error
    throw new TarProblem(`its ${compression} data is damaged or truncated`)
  }
}

const watched = (chunks: Chunks): { readonly chunks: Chunks; readonly failures: unknown[] } => {
  const failures: unknown[] = []
  const passing = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks
    } catch (error) {
      failures.push(error)
      throw error
    }
  }
  return { chunks: passing(), failures }
}

const READERS: Readonly<
  Record<Exclude<Compression, 'none'>, (chunks: Chunks) => Promise<Chunks> | Chunks>
> = {
  gzip: chunks => through(chunks, zlib.createGunzip()),
  zstd: async chunks => (await import('./zstd.ts')).unzstd(chunks),
  xz: async chunks => (await import('./xz.ts')).unxz(chunks),
  bzip2: async chunks => (await import('./bzip2.ts')).unbzip2(chunks),
}
