import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engine } from './engine.mjs'
import { openTerminal } from './terminal.mjs'

const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))
const CLIENT = fileURLToPath(new URL('../../test/stand-in/docker.mjs', import.meta.url))

/** As long as the folder that a run gets, so that lines break in the same places. */
const SHOWN_HOME = '/home/alice'

/**
 * Runs the journey twice: by keys up to the middle of a step, and to its end; then looks at the review of a full image,
 * at a step of the lesson and at a stop of the tour. Gives the six screens.
 * `pace` is the time between two lines of apt-get, in milliseconds; `size` the window's columns and rows.
 */
export const record = async (pace, size) => {
  const { review, live } = await inRoom({ stopsAt: 19, pace }, size, byKeys)
  return {
    review,
    live,
    end: await inRoom({ pace }, size, toTheEnd),
    full: await inRoom({}, size, fullReview),
    lesson: await inRoom({}, size, lesson),
    tour: await inRoom({}, size, tour),
  }
}

/** By Enter through the questions of a full image, up to its review. */
const fullReview = async room => {
  const terminal = openTerminal(process.execPath, [BIN, '--release', 'bookworm'], room)
  await answerAll(terminal)
  return left(terminal, room)
}

/** The second step of the lesson, which writes the project's files. */
const lesson = async room => {
  const terminal = openTerminal(process.execPath, [BIN, '--teach', '--yes'], room)
  for (const pause of [/Enter: /, /Step 1[^]*\n {2}look\b[^]*Enter: /, /Step 2[^]*Enter: /]) {
    await terminal.waitFor(pause)
    terminal.write('\r')
  }
  await terminal.waitFor(/Step 2[^]*\n {2}look\b[^]*Enter: /)
  return left(terminal, room, /Step 2/)
}

/** The second stop of the tour, as it was recorded: one program of four fails. */
const tour = async room => {
  const terminal = openTerminal(process.execPath, [BIN, 'tour', '--recorded'], room)
  for (const pause of [/Enter: run/, /Enter: go on/, /2 of 5[^]*Enter: run/]) {
    await terminal.waitFor(pause)
    terminal.write('\r')
  }
  await terminal.waitFor(/2 of 5[^]*Enter: go on/)
  return left(terminal, room, /2 of 5/)
}

/** The screen as it is; then the program is left by Ctrl-C. */
const left = async (terminal, room, from) => {
  const screen = screenOf(terminal, room, from)
  terminal.write('\u0003')
  await terminal.exited
  return screen
}

const byKeys = async room => {
  const terminal = openTerminal(process.execPath, [BIN], room)
  await answerAll(terminal)
  const review = screenOf(terminal, room)
  terminal.write('\r')
  await terminal.waitFor(
    room.rows < SMALL ? /75 %[^]*Ctrl-C stop/ : /Unpacking libitm1[^]*Ctrl-C stop/,
  )
  const live = screenOf(terminal, room, /^create-base-image .*→/)
  terminal.write('\u0003')
  await terminal.exited
  return { review, live }
}

/** Fewer rows than that have no room for a step's last lines. */
const SMALL = 20

/** Enter for each question, up to the review. */
const answerAll = async terminal => {
  for (let asked = ''; !asked.includes('Ready to run');) {
    asked = await nextQuestion(terminal, asked)
    if (!asked.includes('Ready to run')) terminal.write('\r')
  }
  await terminal.waitFor(/Ready to run[^]*Ctrl-C leave/)
}

/** The question that is asked once the one before is no more. */
const nextQuestion = async (terminal, before) => {
  const questions = () =>
    terminal
      .text()
      .match(/^\? .+$/gm)
      ?.at(-1) ?? ''
  while (questions() === before || questions() === '')
    await new Promise(resolve => setTimeout(resolve, 20))
  return questions()
}

const toTheEnd = async room => {
  const terminal = openTerminal(process.execPath, [BIN, '--yes'], room)
  const code = await terminal.exited
  if (code !== 0) throw new Error(`The run ended with ${code}:\n${terminal.text()}`)
  return screenOf(terminal, room)
}

/** A folder with nothing on the PATH but the engine's client and Node, for the time of `work`. */
const inRoom = async (wishes, size, work) => {
  const home = mkdtempSync('/tmp/')
  const bin = join(home, 'bin')
  try {
    mkdirSync(bin)
    symlinkSync(CLIENT, join(bin, 'docker'))
    symlinkSync(process.execPath, join(bin, 'node'))
    const script = { asked: join(home, 'asked'), answers: engine(wishes) }
    writeFileSync(join(home, 'script.json'), JSON.stringify(script))
    const env = {
      PATH: bin,
      HOME: home,
      STAND_IN: join(home, 'script.json'),
      TERM: 'xterm-256color',
    }
    return await work({ ...size, cwd: home, env })
  } finally {
    endClients(home)
    rmSync(home, { recursive: true, maxRetries: 20 })
  }
}

const endClients = home => {
  const pids = join(home, 'asked.pids')
  const clients = existsSync(pids) ? readFileSync(pids, 'utf8').split('\n').filter(Boolean) : []
  for (const pid of clients) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

/** The rows from the one that matches `from` on, without empty ones around them, and with a home that all know. */
const screenOf = (terminal, { cwd, columns }, from = /./) => {
  const rows = terminal
    .rows()
    .map(runs => runs.map(run => ({ ...run, text: run.text.replaceAll(cwd, SHOWN_HOME) })))
  const texts = rows.map(runs => runs.map(({ text }) => text).join(' '))
  // In a small window it has scrolled away.
  const first = Math.max(
    0,
    texts.findIndex(text => from.test(text)),
  )
  const last = texts.findLastIndex(text => text !== '')
  return { columns, rows: rows.slice(first, last + 1) }
}
