import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

/** A program in a pseudo-terminal, and the screen it draws. */
export interface Terminal {
  readonly pid: number
  readonly write: (keys: string) => void
  /** What a person sees now: the rows without trailing blanks. */
  readonly screen: () => string
  /** Everything the program wrote, with its escape codes. */
  readonly raw: () => string
  /**
   * The last screen that matched, once the program rests: a frame arrives in several pieces, and half of one may match.
   * Rejects with the screen as it is when nothing matches within 25 seconds.
   */
  readonly waitFor: (pattern: RegExp) => Promise<string>
  readonly resize: (columns: number, rows: number) => void
  /** The exit code, with the last screen drawn. */
  readonly exit: () => Promise<number>
  readonly kill: () => void
  /** Closes the window: nothing can be written to the terminal any more. */
  readonly close: () => void
}

/** Keys by what they are called on a keyboard. */
export const KEY = {
  enter: '\r',
  escape: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  left: '\u001b[D',
  tab: '\t',
  backspace: '\u007f',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlZ: '\u001a',
} as const

const LATE_MS = 25_000
const REST_MS = 20

/** Whether a frame has begun that is not yet whole, by the marks that Ink sets around each. */
const isDrawing = (raw: string): boolean =>
  raw.lastIndexOf('\u001b[?2026h') > raw.lastIndexOf('\u001b[?2026l')

/** Starts a program in a terminal of that size, with colours unless `env` forbids them. */
export const open = (
  file: string,
  args: readonly string[],
  { cols = 80, rows = 24, env = {}, cwd = process.cwd() } = {},
): Terminal => {
  const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env
  const all = { ...inherited, TERM: 'xterm-256color', ...env }
  const pty = spawn(file, [...args], { cols, rows, cwd, env: all })
  const screen = new xterm.Terminal({ cols, rows, allowProposedApi: true })
  let raw = ''
  let ended = false
  let check = (): void => undefined
  pty.onData(text => {
    raw += text
    screen.write(text, () => check())
  })
  screen.onData(text => ended || pty.write(text))
  const exited = new Promise<number>(resolve =>
    pty.onExit(({ exitCode, signal }) => {
      ended = true
      screen.write('', () => resolve(signal ? 128 + signal : exitCode))
    }),
  )
  const seen = (): string => {
    const { active } = screen.buffer
    const rowsSeen = Array.from({ length: screen.rows }, (_, i) =>
      (active.getLine(active.baseY + i)?.translateToString(true) ?? '').trimEnd(),
    )
    return rowsSeen.join('\n').trimEnd()
  }
  return {
    pid: pty.pid,
    write: keys => pty.write(keys),
    screen: seen,
    raw: () => raw,
    waitFor: pattern =>
      new Promise((resolve, reject) => {
        let found: string | undefined
        let rest: NodeJS.Timeout | undefined
        const late = setTimeout(() => {
          if (found === undefined)
            reject(new Error(`No ${String(pattern)} on the screen:\n${seen()}`))
          else resolve(found)
        }, LATE_MS)
        const finish = (): void => {
          clearTimeout(late)
          check = () => undefined
          resolve(found!)
        }
        check = () => {
          if (isDrawing(raw)) return
          const now = seen()
          if (pattern.test(now)) found = now
          if (found === undefined) return
          clearTimeout(rest)
          rest = setTimeout(finish, REST_MS)
        }
        check()
      }),
    resize: (columns, lines) => {
      if (ended) return
      screen.resize(columns, lines)
      pty.resize(columns, lines)
    },
    exit: () => exited,
    kill: () => ended || pty.kill('SIGKILL'),
    close: () => (pty as unknown as { destroy: () => void }).destroy(),
  }
}
