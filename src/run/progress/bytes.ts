import type { Progress, Reader, Reading } from './reader.ts'
import { linesReader } from './lines.ts'
import { progressTeller } from './teller.ts'

/**
 * Counts the bytes of stdout against `total` bytes when that is known (raised if more come); stderr becomes log lines.
 */
export const bytesReader = (total?: number): Reader => {
  const tell = progressTeller()
  const lines = linesReader()
  let done = 0
  return {
    read: (chunk, source): Reading[] => {
      if (source === 'stderr') return lines.read(chunk, source)
      done += chunk.byteLength
      return done === 0 ? [] : tell(counted(done, total))
    },
    end: () => lines.end(),
  }
}

const counted = (done: number, total: number | undefined): Progress =>
  total === undefined
    ? { done, unit: 'bytes' }
    : {
        done,
        total: Math.max(done, total),
        unit: 'bytes',
        fraction: done / Math.max(done, total, 1),
      }
