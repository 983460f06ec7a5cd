import type { Writable } from 'node:stream'

/** Waits until a stream takes more, or never will because it failed or is closed. Does not reject. */
export const drained = (stream: Writable): Promise<void> => {
  if (stream.closed) return Promise.resolve()
  return new Promise(resolve => {
    const end = (): void => {
      ENDS.forEach(name => stream.off(name, end))
      resolve()
    }
    ENDS.forEach(name => stream.on(name, end))
  })
}

const ENDS = ['drain', 'close', 'error'] as const
