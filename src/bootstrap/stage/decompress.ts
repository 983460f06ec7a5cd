import * as zlib from 'node:zlib'
import type { Transform } from 'node:stream'
import { TarProblem } from '../../tar/problem.ts'
import { through } from '../../tar/streams.ts'
import type { Chunks } from '../../tar/streams.ts'
import { checkXzHeader, checkZstdHeader } from './frame-headers.ts'

/** How a member of a .deb is compressed, by its ending: `` for not at all. */
export type Ending = '' | '.gz' | '.xz' | '.zst'

/** Returns a member decompressed. Throws TarProblem while it is read when it is damaged, cut, or wants too much memory. */
export const decompress = async function* (
  chunks: Chunks,
  ending: Ending,
): AsyncGenerator<Uint8Array> {
  const read = await READERS[ending]()
  try {
    yield* read(chunks)
  } catch (error) {
    throw error instanceof TarProblem || isForeign(error) ? error : damaged(ending, error)
  }
}

// An error of the file system or of the run is not the package's.
const isForeign = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'AbortError' || ('syscall' in error && typeof error.syscall === 'string'))

const damaged = (ending: Ending, error: unknown): TarProblem =>
  error instanceof Error && /error code [34]$/.test(error.message)
    ? new TarProblem(`its ${ending} data needs too much memory`)
    : new TarProblem(`its ${ending} data is damaged or truncated`)

type Read = (chunks: Chunks) => Chunks

const gunzip = async (): Promise<Read> => chunks => through(chunks, zlib.createGunzip())

type XzModule = typeof import('xz-decompress')

const unxz = async (): Promise<Read> => {
  const loaded: XzModule & { default?: XzModule } = await import('xz-decompress')
  // A CommonJS module: bundled it has the name itself, unbundled only its default has.
  const { XzReadableStream } = loaded.default ?? loaded
  return async function* (chunks) {
    const input = webStream(checkedStart(chunks, 32, checkXzHeader))
    const output: ReadableStream<Uint8Array> = new XzReadableStream(input.stream)
    const reader = output.getReader()
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        if (value.length > 0) yield value
      }
    } finally {
      await input.settled()
      await reader.cancel().catch(() => undefined)
    }
  }
}

interface WebStream {
  readonly stream: ReadableStream<Uint8Array>
  readonly settled: () => Promise<void>
}

// The library has one context a thread, which a stream hands on when it ends, fails or is cancelled; cancelled while it
// waits for input it would hand it on twice, so whoever leaves early waits until it does not.
const webStream = (source: AsyncGenerator<Uint8Array>): WebStream => {
  let isPulling = false
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    isPulling = true
    try {
      const next = await source.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    } finally {
      isPulling = false
    }
  }
  const settled = async (): Promise<void> => {
    await new Promise(resolve => setImmediate(resolve))
    if (isPulling) await settled()
  }
  const cancel = async (): Promise<void> => void (await source.return(undefined))
  return { stream: new ReadableStream({ pull, cancel }, { highWaterMark: 0 }), settled }
}

// node:zlib has zstd since Node 22.15 and 23.8.
const unzstd = async (): Promise<Read> => {
  const builtIn: unknown = Reflect.get(zlib, 'createZstdDecompress')
  const read = typeof builtIn === 'function' ? null : await zstdByLibrary()
  return chunks => {
    const checked = checkedStart(chunks, 18, checkZstdHeader)
    return read === null ? through(checked, (builtIn as () => Transform)()) : read(checked)
  }
}

const zstdByLibrary = async (): Promise<Read> => {
  const { Decompress } = await import('fzstd')
  return async function* (chunks) {
    const made: Uint8Array[] = []
    const stream = new Decompress(chunk => made.push(chunk))
    for await (const chunk of chunks) {
      // Small pieces: it makes everything that a piece holds before we may count it.
      for (let at = 0; at < chunk.length; at += PIECE) {
        stream.push(chunk.slice(at, at + PIECE))
        yield* made.splice(0)
      }
    }
    stream.push(new Uint8Array(0), true)
    yield* made.splice(0)
  }
}

const READERS: Readonly<Record<Ending, () => Promise<Read>>> = {
  '': async () => chunks => chunks,
  '.gz': gunzip,
  '.xz': unxz,
  '.zst': unzstd,
}

const PIECE = 16 * 1024

/** Passes a stream on after `check` has seen its first bytes: `length` of them, or fewer when it is shorter. */
const checkedStart = async function* (
  chunks: Chunks,
  length: number,
  check: (start: Buffer) => void,
): AsyncGenerator<Uint8Array> {
  let start: Buffer | null = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue
    if (start === null) {
      yield chunk
      continue
    }
    start = Buffer.concat([start, chunk])
    if (start.length < length) continue
    check(start)
    yield start
    start = null
  }
  if (start === null) return
  check(start)
  yield start
}
