import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { says } from '../stand-in/stand-in.ts'
import {
  answerUpTo,
  engineWith,
  linesSince,
  linux,
  RAW,
  RAW_FLAGS,
  slowEngine,
  useApp,
} from './app.ts'
import { KEY, type Terminal } from './terminal.ts'

const app = useApp()

const SMALL = [
  [60, 20],
  [100, 40],
  [33, 9],
  [20, 6],
  [90, 30],
  [60, 20],
] as const

linux.each([
  ['each of them drawn', true],
  ['faster than drawings', false],
])('many widths, %s, leave one drawing and take no finished step away', async (_, each) => {
  const build = { ...says('build', 'Step 1/3 : FROM scratch\n'), waits: true }
  const terminal = app.open(RAW_FLAGS, { docker: engineWith(build), rows: 60 })
  await terminal.waitFor(/Step 1\/3[^]*Ctrl-C stop$/)
  await drawings(terminal)
  for (const columns of [60, 100, 33, 20, 90, 40, 80]) {
    terminal.resize(columns, 60)
    if (each) await drawings(terminal)
  }
  await drawings(terminal)
  const back = await terminal.waitFor(/[◐◓◑◒] Build[^]*Ctrl-C stop$/)
  expect(back.match(/^✔ /gm)).toHaveLength(4)
  expect(back.match(/[◐◓◑◒] |Ctrl-C/g)).toHaveLength(2)
  terminal.write(KEY.ctrlC)
  expect(await terminal.exit()).toBe(130)
  expect(terminal.screen()).not.toMatch(/[◐◓◑◒]|Ctrl-C/)
})

/** Waits for two drawings: what is on its way to a terminal that changes its size can't be taken back. */
const drawings = async ({ raw }: Terminal): Promise<void> => {
  const before = raw().length
  const drawn = (): number => raw().slice(before).split('\u001b[?2026l').length - 1
  await expect.poll(drawn, { interval: 5 }).toBeGreaterThan(1)
  // The screen takes in a little later what has come.
  await delay(40)
}

// Rows of a drawing that scrolled out of a small window stay in the scrollback: only wiping all of it would help.
linux(
  'down to 20 by 6 and back: no line is too wide, and the scrollback is not wiped',
  async () => {
    const terminal = app.open(RAW_FLAGS, { docker: slowEngine(80, 50), rows: 24 })
    await terminal.waitFor(/of the build[^]*Ctrl-C stop$/)
    for (const [columns, rows] of SMALL) terminal.resize(columns, rows)
    await terminal.waitFor(/l log · w why[^\n]*Ctrl-C stop$/)
    terminal.resize(20, 6)
    const frame = await terminal.waitFor(/[◐◓◑◒] Build the image ?…?\n[^]*l w c Ctrl-C$/)
    expect(frame.match(/[◐◓◑◒] /g)).toHaveLength(1)
    const small = terminal.raw().length
    await expect.poll(() => linesSince(terminal, small).length).toBeGreaterThan(10)
    for (const line of linesSince(terminal, small)) expect(line.length).toBeLessThanOrEqual(20)
    terminal.resize(80, 24)
    await terminal.waitFor(/[◐◓◑◒] Build[^]*l log · w why[^\n]*Ctrl-C stop$/)
    expect(await terminal.exit()).toBe(0)
    // The end takes a window of 24 rows; the steps have scrolled away.
    expect(terminal.screen()).toMatch(/Proven[^]*Next/)
    expect(terminal.raw()).not.toMatch(/\u001b\[[23]J/)
  },
)

linux('in 20 by 6 a whole run is passable, and its drawing never fills the window', async () => {
  const terminal = app.open([], { docker: slowEngine(10, 80), cols: 20, rows: 6 })
  await answerUpTo(terminal, /Ready to run/, RAW)
  terminal.write(KEY.enter)
  const frame = await terminal.waitFor(/[◐◓◑◒] Build[^]*Ctrl-C$/)
  expect(frame.split('\n').length).toBeLessThan(7)
  expect(await terminal.exit()).toBe(0)
  expect(terminal.raw()).not.toMatch(/\u001b\[[23]J/)
})
