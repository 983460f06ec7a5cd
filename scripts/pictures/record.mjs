import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engine } from './engine.mjs'
import { openTerminal } from './terminal.mjs'

const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))
const CLIENT = fileURLToPath(new URL('../../test/stand-in/docker.mjs', import.meta.url))

/** As long as the folder that a run gets, so that lines break in the same places. */
const SHOWN_HOME = '/home/alice'

/**
 * Runs the journey twice: by keys up to the middle of a step, and to its end. Gives the three screens.
 * `pace` is the time between two lines of apt-get, in milliseconds.
 */
export const record = async pace => {
  const { review, live } = await inRoom({ stopsAt: 19, pace }, byKeys)
  return { review, live, end: await inRoom({ pace }, toTheEnd) }
}

const byKeys = async room => {
  const terminal = openTerminal(process.execPath, [BIN], room)
  for (let asked = ''; !asked.includes('Shall it run');) {
    asked = await nextQuestion(terminal, asked)
    if (!asked.includes('Shall it run')) terminal.write('\r')
  }
  await terminal.waitFor(/Shall it run[^]*Ctrl-C leave$/)
  const review = screenOf(terminal, room)
  terminal.write('\r')
  await terminal.waitFor(/Unpacking libitm1[^]*Ctrl-C stop$/)
  const live = screenOf(terminal, room, /^create-base-image .*→/)
  terminal.write('\u0003')
  await terminal.exited
  return { review, live }
}

/** The question that is asked once the one before is no more. */
const nextQuestion = async (terminal, before) => {
  const questions = () => terminal.text().match(/^\? .+$/m)?.[0] ?? ''
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
const inRoom = async (wishes, work) => {
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
    return await work({ cwd: home, env })
  } finally {
    endClients(home)
    rmSync(home, { recursive: true, maxRetries: 20 })
  }
}

const endClients = home => {
  for (const pid of readFileSync(join(home, 'asked.pids'), 'utf8').split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

/** The rows from the one that matches `from` on, without empty ones around them, and with a home that all know. */
const screenOf = (terminal, { cwd }, from = /./) => {
  const rows = terminal
    .rows()
    .map(runs => runs.map(run => ({ ...run, text: run.text.replaceAll(cwd, SHOWN_HOME) })))
  const texts = rows.map(runs => runs.map(({ text }) => text).join(' '))
  const first = texts.findIndex(text => from.test(text))
  const last = texts.findLastIndex(text => text !== '')
  return { columns: 80, rows: rows.slice(first, last + 1) }
}
