import {
  createMessages,
  messageLines,
  type Message,
  type Messages,
} from './debootstrap-messages.ts'
import { noteText, readNote, type Note } from './debootstrap-notes.ts'
import { createPhases, type Phases } from './debootstrap-phases.ts'
import { lineCutter } from './lines.ts'
import type { Progress, Reader, Reading } from './reader.ts'
import { progressTeller } from './teller.ts'

interface DebootstrapState {
  readonly phases: Phases
  readonly messages: Messages
  /** What comes out next. */
  readings: Reading[]
  /** What the root filesystem measured last in bytes, or null. */
  size: number | null
  text: string
  /** True when the phase has begun and nothing was said of it yet. */
  begins: boolean
  /** True once anything was understood. */
  told: boolean
  failed: boolean
  /** True once debootstrap said that it is done. */
  made: boolean
  /** How many clean-up rules have ended. */
  cleaned: number
}

const COUNT = /^P: (-?\d{1,15}) (-?\d{1,15})(?: ([A-Z]+))?$/
const HIDDEN = /^P[AF]?:/
const DPKG = /^(Unpacking|Setting up) ([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9]+)? \(/
const ARCHITECTURE = /:[a-z][a-z0-9]*$/
/** Where debootstrap ends, of 1: the clean-up took 1 to 2 percent of the time in the recordings. */
const MADE = 0.98

/**
 * Reads `debootstrap --debian-installer` and the notes of the script that runs it: one fraction over all its phases,
 * then a little for the clean-up. What it says to people, and what other programs say, becomes log lines.
 */
export const debootstrapReader = (): Reader => {
  const state = start()
  const tell = progressTeller()
  const cutter = lineCutter({ line: line => takeLine(state, line) })
  const taken = (): Reading[] => {
    const readings = state.readings.splice(0)
    return state.told ? [...readings, ...tell(progressOf(state))] : readings
  }
  return {
    read: (chunk, source) => {
      cutter.read(chunk, source)
      return taken()
    },
    end: () => {
      cutter.end()
      for (const message of state.messages.end()) takeMessage(state, message)
      if (state.made && !state.failed) complete(state)
      return taken()
    },
  }
}

const start = (): DebootstrapState => ({
  phases: createPhases(),
  messages: createMessages(),
  readings: [],
  size: null,
  text: '',
  begins: false,
  told: false,
  failed: false,
  made: false,
  cleaned: 0,
})

const takeLine = (state: DebootstrapState, line: string): void => {
  if (HIDDEN.test(line)) return takeCount(state, line)
  const messages = state.messages.take(line)
  if (messages !== null) {
    for (const message of messages) takeMessage(state, message)
    return
  }
  const note = readNote(line)
  if (note === null) takeOther(state, line)
  else takeNote(state, note)
}

const takeCount = (state: DebootstrapState, line: string): void => {
  const [, done, end, name] = COUNT.exec(line) ?? []
  if (end !== undefined) state.told = true
  if (end !== undefined && state.phases.count(Number(done), Number(end), name)) state.begins = true
  if (line.startsWith('PF: ') && state.begins) noteDoing(state, line.slice(4))
}

const takeMessage = (state: DebootstrapState, message: Message): void => {
  const { letter, name, text } = message
  for (const line of messageLines(message)) say(state, line)
  if (letter === 'E') state.failed = true
  if (letter !== 'I') return
  if (state.phases.enter(name)) state.begins = true
  if (name === 'BASESUCCESS') state.made = true
  // It comes with every package, right after the words on retrieving it.
  if (name === 'VALIDATING' || text === '') return
  noteDoing(state, text.replace(/\.+$/, '').replace(ARCHITECTURE, ''))
}

const takeNote = (state: DebootstrapState, note: Note): void => {
  say(state, noteText(note, state.size))
  if (note.kind === 'doing') noteDoing(state, note.text)
  if (note.kind === 'mirror') state.readings.push(note)
  if (note.kind !== 'size') return
  state.size = note.bytes
  state.readings.push(note)
  if (state.made) state.cleaned += 1
}

const takeOther = (state: DebootstrapState, line: string): void => {
  say(state, line)
  if (line.startsWith('E: ')) state.failed = true
  const [, verb, name = ''] = DPKG.exec(line) ?? []
  if (verb === undefined) return
  if (verb === 'Unpacking') state.phases.unpacked()
  noteDoing(state, `${verb === 'Unpacking' ? verb : 'Configuring'} ${name}`)
}

const say = (state: DebootstrapState, text: string): void => {
  state.readings.push({ kind: 'line', text })
}

const noteDoing = (state: DebootstrapState, text: string): void => {
  state.text = text
  state.begins = false
  state.told = true
}

const complete = (state: DebootstrapState): void => {
  state.cleaned = Infinity
  state.text = ''
}

const progressOf = ({ made, cleaned, text, phases }: DebootstrapState): Progress => {
  // How many rules there are is not known: each takes a quarter of what is left.
  if (made) return { fraction: 1 - (1 - MADE) * 0.75 ** cleaned, text }
  const progress = phases.progress()
  return { ...progress, fraction: MADE * (progress.fraction ?? 0), text }
}
