import { createMessages, messageLines } from './debootstrap-messages.ts'
import { noteText, readNote } from './debootstrap-notes.ts'
import { lineCutter } from './lines.ts'
import type { Progress, Reader, Reading } from './reader.ts'
import { progressTeller } from './teller.ts'

interface ScriptState {
  readings: Reading[]
  /** What the root filesystem measured last in bytes, or null. */
  size: number | null
  progress: Progress | null
  /** Where what is counted now begins and ends in the whole, from 0 to 1. */
  share: readonly [number, number]
}

const SHARE = /^S: (\d{1,3}) (\d{1,3})$/
const COUNT = /^P: (\d{1,15}) (\d{1,15}) (bytes|packages|steps)(?: (.*\S))?$/
/** What is left for the clean-up after a script's last count, of 1. */
const LEFT = 0.02

/**
 * Reads what the scripts of families say on stderr: `T:` what is done now, `P: done total unit words` how far it is,
 * `S: from to` which part of the whole that is in percent,
 * `M:` the mirror, `Z:` the tree's size, and failures in debootstrap's form (`E:`, `EA:`, `EF:`). All else is the
 * tool's own output and becomes log lines.
 */
export const scriptReader = (): Reader => {
  const state: ScriptState = { readings: [], size: null, progress: null, share: [0, 1 - LEFT] }
  const tell = progressTeller()
  const messages = createMessages()
  const cutter = lineCutter({
    line: line => {
      const counted = COUNT.exec(line)
      if (counted !== null) {
        state.progress = progressOf(counted, state)
        return
      }
      const share = SHARE.exec(line)
      if (share !== null) {
        state.share = [Number(share[1]) / 100, Number(share[2]) / 100]
        return
      }
      const taken = messages.take(line)
      if (taken === null) takeLine(state, line)
      else state.readings.push(...taken.flatMap(messageLines).map(asLine))
    },
  })
  const taken = (): Reading[] => {
    const readings = state.readings.splice(0)
    return state.progress === null ? readings : [...readings, ...tell(state.progress)]
  }
  return {
    read: (chunk, source) => {
      cutter.read(chunk, source)
      return taken()
    },
    end: () => {
      cutter.end()
      state.readings.push(...messages.end().flatMap(messageLines).map(asLine))
      return taken()
    },
  }
}

const asLine = (text: string): Reading => ({ kind: 'line', text })

const takeLine = (state: ScriptState, line: string): void => {
  const note = readNote(line)
  state.readings.push(asLine(note === null ? line : noteText(note, state.size)))
  if (note === null) return
  if (note.kind === 'doing') state.progress = { ...state.progress, text: note.text }
  if (note.kind === 'mirror') state.readings.push(note)
  if (note.kind !== 'size') return
  state.size = note.bytes
  state.readings.push(note)
}

const progressOf = (
  counted: RegExpExecArray,
  { progress: before, share: [from, to] }: ScriptState,
): Progress => {
  const [, done, total, unit, words] = counted
  const most = Math.max(Number(total), 1)
  return {
    fraction: from + (to - from) * Math.min(Number(done) / most, 1),
    done: Number(done),
    total: Number(total),
    unit: unit as 'bytes' | 'packages' | 'steps',
    text: words ?? before?.text ?? '',
  }
}
