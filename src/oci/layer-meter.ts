import { createHash } from 'node:crypto'
import { createGzip } from 'node:zlib'
import { writeTo } from '../tar/streams.ts'
import type { LayerSizes } from './types.ts'

/** Measures a layer's tar while it passes. */
export interface LayerMeter {
  readonly add: (chunk: Uint8Array) => Promise<void>
  /** No more comes: returns what was measured. */
  readonly end: () => Promise<Omit<LayerSizes, 'contentBytes'>>
  /** Frees what the meter holds; may be called at any time. */
  readonly close: () => void
}

/**
 * Returns a meter for a layer's bytes, its digest, and, when it is weighed, its bytes by gzip -9; what it compresses is
 * dropped.
 */
export const layerMeter = (weighed = true): LayerMeter => {
  const hash = createHash('sha256')
  const gzip = createGzip({ level: 9 })
  let layerBytes = 0
  let compressedBytes = 0
  gzip.on('data', (chunk: Buffer) => {
    compressedBytes += chunk.length
  })
  const add = async (chunk: Uint8Array): Promise<void> => {
    hash.update(chunk)
    layerBytes += chunk.length
    if (weighed) await writeTo(gzip, chunk)
  }
  const end = async (): Promise<Omit<LayerSizes, 'contentBytes'>> => {
    if (weighed)
      await new Promise((resolve, reject) => gzip.once('end', resolve).once('error', reject).end())
    return { layerBytes, compressedBytes, diffId: `sha256:${hash.digest('hex')}` }
  }
  return { add, end, close: () => void gzip.destroy() }
}
