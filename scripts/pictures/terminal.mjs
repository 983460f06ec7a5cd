import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

/** A program in a pseudo-terminal of that many columns and rows. */
export const openTerminal = (file, args, { cwd, env, columns, rows }) => {
  const pty = spawn(file, args, { cols: columns, rows, cwd, env })
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  let check = () => undefined
  pty.onData(text => screen.write(text, () => check()))
  screen.onData(text => pty.write(text))
  const exited = new Promise(resolve =>
    pty.onExit(({ exitCode }) => screen.write('', () => resolve(exitCode))),
  )
  // What has scrolled away is waited for, too.
  const text = () =>
    linesOf(screen, 0)
      .map(line => line.translateToString(true))
      .join('\n')
      .trimEnd()
  return {
    text,
    write: keys => pty.write(keys),
    exited,
    rows: () => linesOf(screen, screen.buffer.active.baseY).map(runsOf),
    /** Resolves when the screen matches. Rejects with what it shows when it does not within 20 seconds. */
    waitFor: pattern =>
      new Promise((resolve, reject) => {
        const late = () => reject(new Error(`No ${pattern} on the screen:\n${text()}`))
        const timer = setTimeout(late, 20_000)
        check = () => {
          if (!pattern.test(text())) return
          clearTimeout(timer)
          resolve()
        }
        check()
      }),
  }
}

const linesOf = ({ buffer: { active }, rows }, from) =>
  Array.from({ length: active.baseY + rows - from }, (_, i) => active.getLine(from + i)).filter(
    Boolean,
  )

/** A row as runs of one style: where each begins, and its text. Blanks at a run's ends are left out. */
const runsOf = line => {
  const runs = []
  for (let column = 0; column < line.length; column++) {
    const cell = line.getCell(column)
    const text = cell.getChars() || ' '
    const classes = classesOf(cell)
    const last = runs.at(-1)
    const same = last !== undefined && last.classes.join() === classes.join()
    if (same && last.column + last.cells === column) {
      last.text += text
      last.cells += 1
    } else runs.push({ column, text, cells: 1, classes })
  }
  return runs.flatMap(split).filter(({ text }) => text !== '')
}

/** Wide gaps separate runs, so that columns keep their places. */
const split = ({ column, text, classes }) =>
  [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: part, index }) => ({
    column: column + index,
    text: part,
    cells: part.length,
    classes,
  }))

const COLOURS = { 1: 'red', 2: 'green', 6: 'cyan' }

const classesOf = cell => [
  ...(cell.isDim() ? ['dim'] : []),
  ...(cell.isBold() ? ['strong'] : []),
  ...(cell.isFgPalette() && COLOURS[cell.getFgColor() % 8] ? [COLOURS[cell.getFgColor() % 8]] : []),
]
