import { size } from '../../text/units.ts'
import { noteText, readNote } from './debootstrap-notes.ts'
import { lineCutter } from './lines.ts'
import type { Progress, Reader, Reading, Source } from './reader.ts'
import { progressTeller } from './teller.ts'

/** How many bytes had been handed over at a time in milliseconds. */
interface Mark {
  readonly at: number
  readonly bytes: number
}

interface ImportState {
  announced: number | null
  passed: number
  /** What was handed over in the last seconds; the first is where the rate is measured from. */
  marks: Mark[]
  /** When progress was last reported. */
  told: number
  text: string
  /** True once the engine has named the image. */
  named: boolean
}

/** Milliseconds: what a rate is measured over, and the least between two marks and two tellings. */
const WINDOW = 5000
const LEAST = 1000
const STEP = 250
const PACE = 100
/** Where the bytes end, of 1: with 130 MB, Docker 20.10 took 3 to 15 percent of the time after the last one. */
const PASSED = 0.9
const IMAGE = /\b[0-9a-f]{64}\b/

/**
 * Reads the import of a tar that one container writes and the engine takes: `S: <bytes>` on stderr says how many bytes
 * there will be, `passed` how many there were. What the engine prints becomes log lines. `now` gives milliseconds.
 */
export const importReader = (now: () => number = () => performance.now()): Reader => {
  const state: ImportState = {
    announced: null,
    passed: 0,
    marks: [],
    told: -Infinity,
    text: '',
    named: false,
  }
  const tell = progressTeller()
  let readings: Reading[] = []
  let before: number | null = null

  const takeLine = (line: string, source: Source): void => {
    const note = source === 'stderr' ? readNote(line) : null
    readings.push({ kind: 'line', text: note === null ? line : noteText(note, before) })
    if (note?.kind === 'announced') state.announced = note.bytes
    if (note?.kind === 'doing') state.text = note.text
    if (note?.kind === 'size') {
      readings.push(note)
      before = note.bytes
    }
    if (source === 'stdout' && IMAGE.test(line)) state.named = true
  }
  const cutter = lineCutter({ line: takeLine })
  const taken = (told: Progress | null): Reading[] => {
    const all = told === null ? readings : [...readings, ...tell(told)]
    readings = []
    return all
  }
  const isUnknown = (): boolean =>
    state.announced === null && state.passed === 0 && state.text === ''
  return {
    read: (chunk, source) => {
      cutter.read(chunk, source)
      return taken(isUnknown() || readings.length === 0 ? null : progressOf(state, false))
    },
    end: () => {
      cutter.end()
      return taken(isUnknown() ? null : progressOf(state, true))
    },
    passed: bytes => {
      const at = now()
      pass(state, bytes, at)
      if (at - state.told < PACE && state.passed !== state.announced) return taken(null)
      state.told = at
      state.text = rateText(state, at)
      return taken(progressOf(state, false))
    },
    announced: () => state.announced,
  }
}

const pass = (state: ImportState, bytes: number, at: number): void => {
  if (state.marks.length === 0) state.marks.push({ at, bytes: state.passed })
  if (Number.isFinite(bytes) && bytes > 0) state.passed += bytes
  if (at - (state.marks.at(-1)?.at ?? at) < STEP) return
  state.marks.push({ at, bytes: state.passed })
  // The one before the window stays until the next is at its edge, so that a pause counts.
  while ((state.marks[1]?.at ?? at) <= at - WINDOW) state.marks.shift()
}

const rateText = ({ marks, passed }: ImportState, at: number): string => {
  const from = marks[0]
  if (from === undefined || at - from.at < LEAST) return ''
  const rate = ((passed - from.bytes) * 1000) / (at - from.at)
  return rate === 0 ? 'waiting for more' : `${size(Math.round(rate))}/s`
}

const progressOf = (state: ImportState, isEnd: boolean): Progress => {
  const { announced, passed, named } = state
  if (announced === null)
    return {
      ...(passed === 0 ? {} : { done: passed, unit: 'bytes' }),
      text: isEnd ? '' : state.text,
    }
  const isWhole = passed > 0 && passed === announced
  const isDone = isEnd && named && isWhole
  return {
    fraction: isDone ? 1 : (PASSED * passed) / Math.max(passed, announced, 1),
    done: passed,
    total: Math.max(passed, announced),
    unit: 'bytes',
    text: isDone ? '' : isWhole ? 'the engine unpacks it' : state.text,
  }
}
