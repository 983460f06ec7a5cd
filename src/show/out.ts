import type { Writable } from 'node:stream'
import { drained } from '../terminal/drained.ts'

/** A place for text. `write` gives a promise when the reader is slow; who awaits it stays in step with the reader. */
export interface Out {
  readonly write: (text: string) => void | Promise<void>
}

/** A stream as a place for text. A reader that has gone away ends the waiting, not the run. */
export const outOf = (stream: Writable): Out => ({
  write: text => {
    if (text === '' || stream.destroyed || !stream.writable) return
    if (!stream.write(text)) return drained(stream)
  },
})
