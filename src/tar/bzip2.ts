import { TarProblem } from './problem.ts'
import type { Chunks } from './streams.ts'

/** More than a block of 900,000 symbols of 20 bits takes, so that a block that is begun can be read. */
const LONGEST_BLOCK = 2_500_000

/** What a block's run lengths can make of 900,000 bytes: 259 of 5. */
const MOST_OF_A_BLOCK = 48_000_000

/**
 * Returns bzip2 data decompressed block by block, streams one after another as one. Reading it throws an error of the
 * library when it is damaged or truncated.
 */
export const unbzip2 = async function* (chunks: Chunks): AsyncGenerator<Uint8Array> {
  const { default: bzip2 } = await import('unbzip2-stream/lib/bzip2.js')
  const { default: bitIterator } = await import('unbzip2-stream/lib/bit_iterator.js')
  const input = feeder(chunks)
  await input.fill(0)
  const bits = bitIterator(input.next)
  const block = new Int32Array(900_000)
  while (await input.fill(bits.bytesRead)) {
    const size = 100_000 * bzip2.header(bits)
    for (let crc: number | null = 0; crc !== null;) {
      await input.fill(bits.bytesRead)
      const output = collector()
      crc = bzip2.decompress(bits, output.put, block, size, crc)
      if (output.bytes() > 0) yield output.made()
    }
  }
}

const feeder = (chunks: Chunks) => {
  const iterator = chunks[Symbol.asyncIterator]()
  const queue: Uint8Array[] = []
  let fed = 0
  let isOver = false
  /** Reads ahead, enough for a block; false when all was read. */
  const fill = async (read: number): Promise<boolean> => {
    while (!isOver && fed - read < LONGEST_BLOCK) {
      const next = await iterator.next()
      isOver = next.done === true
      if (next.done === true || next.value.length === 0) continue
      const { value } = next
      fed += value.length
      queue.push(value)
    }
    return fed > read
  }
  return { fill, next: () => queue.shift() }
}

const collector = () => {
  let buffer = Buffer.allocUnsafe(1024 * 1024)
  let at = 0
  const put = (byte: number): void => {
    if (at === buffer.length) {
      if (at > MOST_OF_A_BLOCK) throw new TarProblem('its bzip2 data is damaged or truncated')
      buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)])
    }
    buffer[at++] = byte
  }
  return { put, bytes: () => at, made: () => buffer.subarray(0, at) }
}
