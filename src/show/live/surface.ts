import { EventEmitter } from 'node:events'
import { MAX_WIDTH } from './layout.ts'
import { widthOf } from './width.ts'

/** The terminal as Ink sees it. */
export interface Surface {
  readonly stream: NodeJS.WriteStream
  /** Sends everything that Ink writes during the work at once. */
  readonly together: (work: () => void) => void
}

/**
 * A terminal that never changes its size. Ink 6 wipes the scrollback when a frame is as tall as the window, also after
 * the window got smaller; of a window without a height it can't think that. We keep the frame small enough ourselves.
 */
export const surfaceOf = (stdout: NodeJS.WriteStream): Surface => {
  let held: string[] | null = null
  const write = (text: string): boolean => {
    if (held !== null) return held.push(text) > 0
    return !stdout.destroyed && stdout.writable && stdout.write(text)
  }
  const terminal = Object.assign(new EventEmitter(), { isTTY: true, columns: MAX_WIDTH, write })
  return {
    // Ink asks for a whole WriteStream and uses no more of it than this.
    stream: terminal as unknown as NodeJS.WriteStream,
    together: work => {
      held = []
      work()
      const text = held.join('')
      held = null
      if (text !== '') write(text)
    },
  }
}

/**
 * What erases the rows that a frame has gained because a narrower window broke its lines, so that the frame is as tall
 * again as Ink believes. The cursor is below the frame, before and after.
 */
export const eraseReflow = (frame: readonly string[], columns: number): string => {
  const gained = frame.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)) - 1,
    0,
  )
  return gained === 0 || !REFLOWS ? '' : `${'\u001B[1A\u001B[2K'.repeat(gained)}\r`
}

/** These two cut lines off instead of breaking them; there the rows above the frame must be left alone. */
const REFLOWS = process.env['XTERM_VERSION'] === undefined && process.env['STY'] === undefined
