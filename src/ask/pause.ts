import { Leave } from './asker.ts'
import { lineReader, type LineSource } from './plain/line-reader.ts'
import { holdTerminal } from './prompt/hold.ts'
import type { Key, KeySource } from './prompt/keys.ts'

/**
 * Waits until a person who is reading continues. `what` says what Enter does, `again` gives the text that b shows once more.
 * Throws Leave when the person leaves.
 */
export type Pause = (what: string, previous: () => string) => Promise<void>

/** The terminal that a pause is made on. */
export interface PauseTerminal {
  readonly stdin: KeySource & LineSource
  readonly stdout: Pick<NodeJS.WriteStream, 'write'> & { readonly columns?: number }
  /** Aborted when the wait is over for another reason; the pause then ends as if the person had left. */
  readonly signal: AbortSignal
  readonly dim: (text: string) => string
}

const ERASE_LINE = '\r\u001B[2K'

/** Returns a pause by single keys: Enter or the space bar continues, b shows the last step again, Ctrl-C leaves. */
export const keyPause =
  ({ stdin, stdout, signal, dim }: PauseTerminal): Pause =>
  (what, previous) =>
    new Promise((resolve, reject) => {
      const draw = (): void => void stdout.write(`\n${dim(promptOf(what, stdout.columns || 80))}`)
      const finish = (settle: () => void): void => {
        signal.removeEventListener('abort', leave)
        hold.release()
        stdout.write(ERASE_LINE)
        settle()
      }
      const leave = (): void => finish(() => reject(new Leave('ctrl-c')))
      const hold = holdTerminal({
        stdin,
        stdout,
        clear: () => void stdout.write(ERASE_LINE),
        onKey: (_, key) => {
          const meaning = meaningOf(key)
          if (meaning === 'suspend') hold.suspend()
          else if (meaning === 'leave') leave()
          else if (meaning === 'on') finish(resolve)
          else if (meaning === 'again') {
            stdout.write(ERASE_LINE + previous())
            draw()
          }
        },
        onEnd: leave,
        onInterrupt: leave,
        onResume: draw,
      })
      signal.addEventListener('abort', leave)
      if (signal.aborted) leave()
      else draw()
    })

/** Returns a pause by lines, for screen readers and terminals that only print: an empty line continues, b shows it again. */
export const linePause = ({ stdin, stdout, signal }: PauseTerminal): Pause => {
  const readLine = lineReader(stdin)
  return async (what, previous) => {
    const gone = new Promise<never>((_, reject) => {
      const leave = (): void => reject(new Leave('ctrl-c'))
      signal.addEventListener('abort', leave)
      if (signal.aborted) leave()
    })
    gone.catch(() => undefined)
    for (;;) {
      stdout.write(`\nPress Enter: ${what}; b and Enter: the last step again. `)
      const line = (await Promise.race([readLine(), gone])).trim().toLowerCase()
      if (line === 'leave') throw new Leave('word')
      if (line !== 'b') return
      stdout.write(previous())
    }
  }
}

/** One line in every window, because only one line is erased again. */
const promptOf = (what: string, columns: number): string => {
  const whole = `Enter: ${what}   b: the last step again`
  return whole.length < columns ? whole : 'Enter: go on   b: again'.slice(0, columns - 1)
}

const meaningOf = ({
  name = '',
  ctrl = false,
  meta = false,
}: Key): 'on' | 'again' | 'leave' | 'suspend' | null => {
  if (meta) return null
  if (ctrl) return name === 'z' ? 'suspend' : ['c', 'd'].includes(name) ? 'leave' : null
  if (['return', 'enter', 'space'].includes(name)) return 'on'
  return name === 'b' ? 'again' : null
}
