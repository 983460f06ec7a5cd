import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { TarProblem, UnreadProblem } from './problem.ts'
import { byteReader, through } from './streams.ts'
import type { ByteReader, Chunks } from './streams.ts'

const FRAME = 0xfd2fb528
const MOST_WINDOW = 128 * 1024 ** 2

/**
 * Returns zstd data decompressed: frames one after another (as pzstd and zstd:chunked write), skippable ones left out
 * (RFC 8878). Frames are cut here, because neither Node's decoder nor fzstd tells where one ends. Checksums of frames
 * are verified only by Node's. Reading it throws TarProblem, and UnreadProblem for a window beyond 128 MiB or a
 * dictionary.
 */
export const unzstd = async function* (chunks: Chunks): AsyncGenerator<Uint8Array> {
  const decode = await decoder()
  const reader = byteReader(chunks)
  try {
    for (;;) {
      const start = await reader.take(4)
      if (start.length === 0) return
      if (start.length < 4) throw cut()
      const magic = start.readUInt32LE(0)
      if (magic === FRAME) yield* decode(frame(reader, start))
      else if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) await skipFrame(reader)
      else throw new TarProblem('its zstd data continues with something other than zstd')
    }
  } finally {
    await reader.close()
  }
}

const cut = (): TarProblem => new TarProblem('its zstd data is damaged or truncated')

const exactly = async (reader: ByteReader, length: number): Promise<Buffer> => {
  const bytes = await reader.take(length)
  if (bytes.length < length) throw cut()
  return bytes
}

const skipFrame = async (reader: ByteReader): Promise<void> => {
  let remaining = (await exactly(reader, 4)).readUInt32LE(0)
  while (remaining > 0) {
    const part = await reader.some(remaining)
    if (part.length === 0) throw cut()
    remaining -= part.length
  }
}

// Block by block: a decoder makes everything that a piece holds at once, at most 128 KiB of a block.
const frame = async function* (reader: ByteReader, magic: Buffer): AsyncGenerator<Uint8Array> {
  const { bytes, hasChecksum } = await frameHeader(reader)
  yield Buffer.concat([magic, bytes])
  for (let isLast = false; !isLast;) {
    const header = await exactly(reader, 3)
    const fields = header.readUIntLE(0, 3)
    isLast = (fields & 1) === 1
    // A block of type 1 repeats one byte, however long it says it is.
    const size = ((fields >> 1) & 3) === 1 ? 1 : fields >> 3
    yield Buffer.concat([header, await exactly(reader, size)])
  }
  if (hasChecksum) yield await exactly(reader, 4)
}

const frameHeader = async (
  reader: ByteReader,
): Promise<{ readonly bytes: Buffer; readonly hasChecksum: boolean }> => {
  const first = await exactly(reader, 1)
  const descriptor = first[0] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  const content = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const rest = await exactly(reader, (isSingle ? 0 : 1) + dictionary + content)
  const numbers = rest.subarray(isSingle ? 0 : 1)
  if (numbers.subarray(0, dictionary).some(byte => byte !== 0)) {
    throw new UnreadProblem('its zstd data needs a dictionary')
  }
  checkWindow(isSingle ? contentSize(numbers.subarray(dictionary)) : windowSize(rest[0] ?? 0))
  return { bytes: Buffer.concat([first, rest]), hasChecksum: (descriptor & 4) !== 0 }
}

const windowSize = (byte: number): number => {
  const base = 2 ** (10 + (byte >> 3))
  return base + (base / 8) * (byte & 7)
}

const contentSize = (field: Buffer): number => {
  if (field.length === 8) return Number(field.readBigUInt64LE(0))
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0)
}

const checkWindow = (bytes: number): void => {
  if (bytes <= MOST_WINDOW) return
  const mib = Math.ceil(bytes / 1024 ** 2)
  throw new UnreadProblem(`its zstd data asks for a window of ${mib} MiB, and 128 are allowed`)
}

type Decode = (frame: Chunks) => Chunks

// node:zlib has zstd since Node 22.15 and 23.8; the types of Node 20 do not know it.
const decoder = async (): Promise<Decode> => {
  const builtIn: unknown = Reflect.get(zlib, 'createZstdDecompress')
  if (typeof builtIn === 'function') {
    return chunks => through(chunks, (builtIn as () => Transform)())
  }
  const { Decompress } = await import('fzstd')
  return async function* (chunks) {
    const made: Uint8Array[] = []
    const stream = new Decompress(part => made.push(part))
    for await (const chunk of chunks) {
      // It keeps what it is given.
      stream.push(Uint8Array.from(chunk))
      for (const part of made.splice(0)) if (part.length > 0) yield part
    }
    stream.push(new Uint8Array(0), true)
    for (const part of made.splice(0)) if (part.length > 0) yield part
  }
}
