import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** Measures a stream by gzip while it goes elsewhere. */
export interface Gauge {
  /** Takes a chunk; the promise, if any, settles when more should come. */
  readonly add: (chunk: Uint8Array) => Promise<unknown> | undefined
  /** The bytes of all chunks by gzip. */
  readonly end: () => Promise<number>
}

/** Blocks are compressed beside one another, on all cores; each for itself, which costs less than 1 in 100 at this size. */
const BLOCK = 1_000_000

/** How many blocks may wait before the stream is held back: the engine is still at work when the last has gone. */
const SLACK = 24

const compress = promisify(gzip)

/** A gauge at gzip's own level, 6, as engines push with. */
export const gzipGauge = (): Gauge => {
  const work = new Set<Promise<void>>()
  let held: Uint8Array[] = []
  let heldBytes = 0
  let total = 0
  const measure = async (block: Uint8Array): Promise<void> => {
    const { length } = await compress(block)
    total += length
  }
  const flush = (): void => {
    const block = measure(Buffer.concat(held))
    work.add(block)
    void block.finally(() => work.delete(block))
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
      return total
    },
  }
}
