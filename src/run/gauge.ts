import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** Estimates what a stream measures by gzip while it goes elsewhere. */
export interface Gauge {
  /** Takes a chunk; the promise, if any, settles when more should come. */
  readonly add: (chunk: Uint8Array) => Promise<unknown> | undefined
  /** The bytes of all chunks by gzip, about. */
  readonly end: () => Promise<number>
}

/**
 * One block in eight is compressed: all of them would cost as much as the import itself. A root filesystem's tar has
 * a thousand blocks, so what is left out is like what is measured: bookworm's came out 0.6 % below to 2.9 % above.
 */
const BLOCK = 128_000
const ONE_IN = 8

/** How many blocks may wait before the stream is held back. */
const SLACK = 16

const compress = promisify(gzip)

/** A gauge at gzip's own level, 6, as engines push with. */
export const gzipGauge = (): Gauge => {
  const work = new Set<Promise<void>>()
  let held: Uint8Array[] = []
  let heldBytes = 0
  let blocks = 0
  const sum = { all: 0, measured: 0, compressed: 0 }
  const measure = async (block: Uint8Array): Promise<void> => {
    const { length } = await compress(block)
    sum.compressed += length
  }
  const flush = (): void => {
    sum.all += heldBytes
    if (blocks++ % ONE_IN === 0) {
      sum.measured += heldBytes
      const block = measure(Buffer.concat(held))
      work.add(block)
      void block.finally(() => work.delete(block))
    }
    held = []
    heldBytes = 0
  }
  return {
    add: chunk => {
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes >= BLOCK) flush()
      return work.size < SLACK ? undefined : Promise.race(work)
    },
    end: async () => {
      if (heldBytes > 0) flush()
      await Promise.all(work)
      return Math.round((sum.compressed * sum.all) / Math.max(1, sum.measured))
    },
  }
}
