import { createGzip } from 'node:zlib'

/** Measures a stream by gzip while it goes elsewhere. */
export interface Gauge {
  /** Takes a chunk; the promise, if any, settles when more should come. */
  readonly add: (chunk: Uint8Array) => Promise<unknown> | undefined
  /** The bytes of all chunks by gzip. */
  readonly end: () => Promise<number>
}

/** How far compressing may lie behind before it holds the stream back, in bytes: the engine works on when the last has gone. */
const SLACK = 24_000_000

/** A gauge at gzip's own level, 6, which engines push with (moby: pkg/archive). */
export const gzipGauge = (): Gauge => {
  const gzip = createGzip()
  let bytes = 0
  gzip.on('data', (chunk: Buffer) => (bytes += chunk.length))
  const over = new Promise<number>(resolve => gzip.on('end', () => resolve(bytes)))
  return {
    add: chunk => {
      gzip.write(chunk)
      return gzip.writableLength < SLACK
        ? undefined
        : new Promise(resolve => gzip.once('drain', resolve))
    },
    end: () => {
      gzip.end()
      return over
    },
  }
}
