import { crc32 } from './crc32.ts'
import { UnreadProblem } from './problem.ts'
import { byteReader } from './streams.ts'
import type { ByteReader, Chunks } from './streams.ts'

const MAGIC = Buffer.from('fd377a585a00', 'hex')
const HEADER = 12
const PIECE = 64 * 1024
const MOST_PADDING = 4096

/** The library has one context for all; a second stream within the first would wait for ever. */
let isBusy = false

/**
 * Returns xz data decompressed, streams one after another as one (xz-file-format 1.2, 2). Reading it throws an error
 * of the library when it is damaged or truncated, and UnreadProblem for xz within xz, filters, checks and sizes that the
 * library does not take.
 */
export const unxz = async function* (chunks: Chunks): AsyncGenerator<Uint8Array> {
  if (isBusy) throw new UnreadProblem('it is xz within xz')
  const reader = byteReader(chunks)
  isBusy = true
  try {
    let begun = await reader.take(HEADER)
    while (begun.length > 0) {
      const stream = oneStream(reader, begun)
      yield* read(stream.chunks)
      begun = await stream.next()
    }
  } finally {
    isBusy = false
    await reader.close()
  }
}

type XzModule = typeof import('xz-decompress')

// Of xz-embedded's results: a check, memory that it may not or can not have, a filter.
const UNREAD: Readonly<Record<string, string>> = {
  '2': 'its xz data has a check that is not known here',
  '3': 'its xz data needs more memory than is allowed',
  '4': 'its xz data needs more memory than is allowed',
  '6': 'its xz data has a check or a filter that is not known here',
}

const read = async function* (chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const loaded: XzModule & { default?: XzModule } = await import('xz-decompress')
  // A CommonJS module: bundled it has the name itself, unbundled only its default has.
  const { XzReadableStream } = loaded.default ?? loaded
  const output = new XzReadableStream(webStream(chunks)).getReader()
  try {
    for (;;) {
      const { done, value } = await output.read()
      if (done) return
      if (value.length > 0) yield value
    }
  } catch (error) {
    const code = error instanceof Error ? /error code (\d+)$/.exec(error.message)?.[1] : undefined
    const why = UNREAD[code ?? '']
    throw why === undefined ? error : new UnreadProblem(why)
  } finally {
    // The library reads ahead, and fails when it is cancelled after it has seen the end.
    await output.cancel().catch(() => undefined)
  }
}

const webStream = (source: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      pull: async controller => {
        const next = await source.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      },
    },
    { highWaterMark: 0 },
  )

interface OneStream {
  readonly chunks: AsyncGenerator<Uint8Array>
  /** Skips what is left of this stream and returns the header of the next one; empty at the end. */
  readonly next: () => Promise<Buffer>
}

// The library stops at the end of a stream without a word on what it left, so the end is looked for here: a footer,
// padding and a header, both with their check sums right.
const oneStream = (reader: ByteReader, header: Buffer): OneStream => {
  let held = header
  let rest: Buffer | null = null
  let offset = 0
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    while (rest === null) {
      const more = await reader.some(PIECE)
      const all = Buffer.concat([held, more])
      const border = nextHeader(all, offset)
      if (border !== null || more.length === 0) {
        rest = border === null ? Buffer.alloc(0) : all.subarray(border)
        yield all.subarray(0, border ?? all.length)
        return
      }
      // A border may lie across pieces.
      const given = Math.max(0, all.length - MOST_PADDING - 2 * HEADER)
      held = all.subarray(given)
      offset += given
      if (given > 0) yield all.subarray(0, given)
    }
  }
  const running = chunks()
  const next = async (): Promise<Buffer> => {
    for await (const _ of running) void _
    return rest ?? Buffer.alloc(0)
  }
  return { chunks: running, next }
}

const nextHeader = (bytes: Buffer, offset: number): number | null => {
  for (let at = bytes.indexOf(MAGIC, 1); at !== -1; at = bytes.indexOf(MAGIC, at + 1)) {
    if ((offset + at) % 4 === 0 && isHeader(bytes, at) && isFooter(bytes, withoutZeros(bytes, at)))
      return at
  }
  return null
}

const withoutZeros = (bytes: Buffer, end: number): number => {
  let at = end
  while (at >= 4 && bytes.readUInt32LE(at - 4) === 0) at -= 4
  return at
}

const isHeader = (bytes: Buffer, at: number): boolean =>
  at + HEADER <= bytes.length &&
  crc32(bytes.subarray(at + 6, at + 8)) === bytes.readUInt32LE(at + 8)

const isFooter = (bytes: Buffer, end: number): boolean =>
  end >= HEADER &&
  bytes.toString('latin1', end - 2, end) === 'YZ' &&
  crc32(bytes.subarray(end - 8, end - 2)) === bytes.readUInt32LE(end - 12)
