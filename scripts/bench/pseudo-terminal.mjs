// Programs in a pseudo-terminal, and the screen that a person would see.
import { performance } from 'node:perf_hooks'
import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

const SIZE = { cols: 80, rows: 24 }

/**
 * Starts a command in a terminal of 80 columns and 24 rows. `onBytes` gets what it writes, as it comes; `ended`
 * is its exit code.
 */
export const openTerminal = ([program, ...words], { cwd, onBytes }) => {
  const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env
  const env = { ...inherited, TERM: 'xterm-256color' }
  const pty = spawn(program, words, { ...SIZE, cwd, env, encoding: null })
  pty.onData(onBytes)
  const ended = new Promise(resolve => pty.onExit(({ exitCode }) => resolve(exitCode)))
  return { pid: pty.pid, write: keys => pty.write(keys), kill: () => pty.kill('SIGKILL'), ended }
}

/**
 * The same with a screen. `shown` waits until the screen's text is as wanted, 10 s at most, and gives when the
 * output came that made it so, by the clock of `performance.now()`.
 */
export const openScreen = (command, { cwd }) => {
  const screen = new xterm.Terminal({ ...SIZE, allowProposedApi: true })
  let wanted = () => undefined
  const terminal = openTerminal(command, {
    cwd,
    onBytes: bytes => {
      const came = performance.now()
      screen.write(bytes, () => wanted(came))
    },
  })
  const shown = fits =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Not seen in 10 s:\n${textOf(screen)}`)), 1e4)
      wanted = came => {
        if (!fits(textOf(screen))) return
        clearTimeout(late)
        wanted = () => undefined
        resolve(came)
      }
    })
  return { ...terminal, text: () => textOf(screen), shown }
}

const textOf = ({ rows, buffer: { active } }) =>
  Array.from({ length: rows }, (_, i) =>
    active
      .getLine(active.baseY + i)
      .translateToString(true)
      .trimEnd(),
  )
    .join('\n')
    .trimEnd()
