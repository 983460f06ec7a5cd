import type { Writable } from 'node:stream'
import { drained } from '../text/drained.ts'
import { printableColours } from '../text/printable.ts'

/**
 * A place for text. `write` gives a promise when the reader is slow; who awaits it stays in step with the reader. A text
 * that is told to be the last may be written in a way that suits no other.
 */
export interface Out {
  readonly write: (text: string, last?: 'last') => void | Promise<void>
}

/**
 * Returns a stream as a place for text. It is the one place where all text passes that leaves us for lines: what would
 * steer a terminal or turn the direction of writing is escaped, whoever wrote it, but our own colours stay. In JSON
 * the escapes are JSON's, so that the data is the same. A reader that has gone away ends the waiting, not the run.
 */
export const outOf = (stream: Writable): Out => ({
  write: text => {
    if (text === '' || stream.destroyed || !stream.writable) return
    if (!stream.write(printableColours(text))) return drained(stream)
  },
})
