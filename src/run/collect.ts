import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How many bytes pass before the chunks that held them are collected. */
const EACH = 8 * 1024 * 1024

/**
 * Gives a function to tell of bytes that have passed. Every 8 MB it has V8 collect the chunks that held them; by
 * itself V8 lets tens of megabytes of them pile up, because a chunk's memory is outside of its heap.
 */
export const chunkCollector = (): ((bytes: number) => void) => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how?: { type: 'minor' }) => void
  // What earlier steps left makes room first.
  collect()
  let since = 0
  return bytes => {
    since += bytes
    if (since < EACH) return
    since = 0
    collect({ type: 'minor' })
  }
}
