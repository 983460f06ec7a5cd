import type { Hash } from 'node:crypto'
import type { Transform } from 'node:stream'
import { UnreadProblem } from './problem.ts'

/** A stream of bytes. */
export type Chunks = AsyncIterable<Uint8Array>

/** Reads a stream by length. */
export interface ByteReader {
  /** Reads exactly `length` bytes, or fewer when the stream ends before that. */
  readonly take: (length: number) => Promise<Buffer>
  /** Reads 1 to `most` bytes as they come, or none at the end. */
  readonly some: (most: number) => Promise<Buffer>
  /** How many bytes have been given. */
  readonly position: () => number
  /** Ends the stream early. */
  readonly close: () => Promise<void>
}

/** Returns a reader over a stream; it holds no more than one chunk, or what one `take` asks for. */
export const byteReader = (chunks: Chunks): ByteReader => {
  const iterator = chunks[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  let given = 0
  const failures: unknown[] = []
  const refill = async (): Promise<boolean> => {
    // A stream that failed would look ended to whoever asks next.
    if (failures.length > 0) throw failures[0]
    try {
      const next = await iterator.next()
      if (next.done !== true) held = bufferOf(next.value)
      return next.done !== true
    } catch (error) {
      failures.push(error)
      throw error
    }
  }
  const some = async (most: number): Promise<Buffer> => {
    while (held.length === 0) if (!(await refill())) return held
    const part = held.subarray(0, most)
    held = held.subarray(part.length)
    given += part.length
    return part
  }
  const take = async (length: number): Promise<Buffer> => {
    const first = await some(length)
    if (first.length === length || first.length === 0) return first
    const parts = [first]
    for (let remaining = length - first.length; remaining > 0;) {
      const part = await some(remaining)
      if (part.length === 0) break
      parts.push(part)
      remaining -= part.length
    }
    return Buffer.concat(parts)
  }
  const close = async (): Promise<void> => void (await iterator.return?.())
  return { take, some, position: () => given, close }
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Passes a stream on and adds what passes to a hash. */
export const hashed = async function* (chunks: Chunks, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

/** Passes a stream on and counts what passes. */
export const counted = async function* (
  chunks: Chunks,
  count: { bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count.bytes += chunk.length
    yield chunk
  }
}

/** How many bytes may still come out of decompression, over a whole archive. */
export interface Budget {
  remaining: number
}

/** Passes a stream on until the budget is used up. @throws UnreadProblem then. */
export const metered = async function* (
  chunks: Chunks,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    budget.remaining -= chunk.length
    if (budget.remaining < 0) throw new UnreadProblem('it expands to more than is believable')
    yield chunk
  }
}

/** Passes a stream on until it is aborted. @throws the signal's reason then. */
export const abortable = async function* (
  chunks: Chunks,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    yield chunk
  }
}

/** Returns the bytes of a stream from `start` on, `length` of them. */
export const sliced = async function* (
  chunks: Chunks,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  let skip = start
  let remaining = length
  if (remaining === 0) return
  for await (const chunk of chunks) {
    const part = chunk.subarray(Math.min(skip, chunk.length)).subarray(0, remaining)
    skip -= Math.min(skip, chunk.length)
    remaining -= part.length
    if (part.length > 0) yield part
    if (remaining === 0) return
  }
}

/** Returns chunks already read, then the rest of their stream. */
export const prepended = async function* (
  first: readonly Uint8Array[],
  rest: Chunks,
): AsyncGenerator<Uint8Array> {
  yield* first
  yield* rest
}

/** Returns what a reader has not given yet, as a stream. */
export const restOf = async function* (reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const part = await reader.some(256 * 1024)
    if (part.length === 0) return
    yield part
  }
}

/** Returns the first chunks of a stream, until they hold `length` bytes or the stream ends. */
export const head = async (chunks: Chunks, length: number): Promise<Uint8Array[]> => {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes >= length) break
  }
  return parts
}

/** Reads a stream to its end and drops it. */
export const drain = async (chunks: Chunks): Promise<void> => {
  for await (const _ of chunks) void _
}

/**
 * Passes a stream through a transform. Once this generator is over, for whatever reason, nothing is read from
 * `chunks` any more, so that another reader may go on where this one stopped.
 */
export const through = async function* (
  chunks: Chunks,
  transform: Transform,
): AsyncGenerator<Uint8Array> {
  const feeding = feed(chunks, transform)
  try {
    for await (const chunk of transform) yield chunk as Uint8Array
  } finally {
    transform.destroy()
    await feeding
  }
}

const feed = async (chunks: Chunks, transform: Transform): Promise<void> => {
  try {
    for await (const chunk of chunks) {
      await writeTo(transform, chunk)
      if (transform.destroyed) return
    }
    transform.end()
  } catch (error) {
    transform.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

/**
 * Writes a chunk and waits until the transform has taken it, or is closed.
 */
export const writeTo = (transform: Transform, chunk: Uint8Array): Promise<void> =>
  new Promise(resolve => {
    if (transform.destroyed) return resolve()
    // A destroyed transform may never call back, so its closing settles the write too.
    const done = (): void => {
      transform.off('close', done)
      resolve()
    }
    transform.once('close', done)
    transform.write(chunk, done)
  })
