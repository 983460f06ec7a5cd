import type {
  Event,
  GivenBack,
  Leftovers,
  Outcome,
  PlanEvent,
  StepDone,
  StepFailed,
  StepProgress,
  StepSkipped,
  StepStarted,
  StepSummary,
  Stopped,
} from '../../run/events.ts'
import { learnSpeed, type Speed } from './time-left.ts'

/** Events that leave lines on the screen for good. */
export type Lasting =
  PlanEvent | StepSkipped | StepDone | StepFailed | Stopped | Leftovers | GivenBack | Outcome

/** The step that runs. */
export interface Current {
  readonly id: string
  readonly commands: readonly string[]
  readonly exact: readonly (readonly string[])[]
  readonly progress: StepProgress | null
  /** 0 to 1 and never falling, or null when it is not known. */
  readonly fraction: number | null
  readonly speed: Speed | null
}

/** What the live view knows of a run; times in milliseconds. */
export interface ViewState {
  readonly phase: 'waiting' | 'running' | 'failed' | 'stopping' | 'over'
  readonly began: number
  readonly steps: readonly StepSummary[]
  /** The steps that are done or skipped, by id. */
  readonly settled: readonly string[]
  readonly current: Current | null
  /** The last lines that the current step printed. */
  readonly log: readonly string[]
  readonly lasting: readonly Lasting[]
}

/** How many lines of a step's log are kept, and how much of each; the journal has all. */
const LINES_KEPT = 5000
const LINE_LENGTH = 400

/** Nothing has happened yet. */
export const initialState: ViewState = {
  phase: 'waiting',
  began: 0,
  steps: [],
  settled: [],
  current: null,
  log: [],
  lasting: [],
}

/** The state after these events. Pure; of many output lines only the last ones cost anything. */
export const reduce = (state: ViewState, events: readonly Event[], now: number): ViewState => {
  let next = state
  let lines: string[] = []
  for (const event of events) {
    if (event.type === 'output') lines.push(event.line)
    else {
      next = note(withLines(next, lines), event, now)
      lines = []
    }
  }
  return withLines(next, lines)
}

const withLines = (state: ViewState, lines: readonly string[]): ViewState => {
  const told = lines
    .slice(-LINES_KEPT)
    .filter(line => line.trim() !== '')
    .map(line => line.slice(0, LINE_LENGTH))
  return told.length === 0 ? state : { ...state, log: [...state.log, ...told].slice(-LINES_KEPT) }
}

const note = (
  state: ViewState,
  event: Exclude<Event, { type: 'output' }>,
  now: number,
): ViewState => {
  switch (event.type) {
    case 'plan':
      return last({ ...initialState, phase: 'running', began: now, steps: event.steps }, event)
    case 'step-started':
      return { ...state, ...start(event), phase: afterStop(state, 'running') }
    // It is a line of the log too.
    case 'size':
      return state
    case 'progress':
      return { ...state, current: advance(state.current, event, now) }
    case 'step-skipped':
    case 'step-done':
      return last({ ...state, current: null, settled: [...state.settled, event.step] }, event)
    case 'step-failed':
      return last({ ...state, current: null, phase: afterStop(state, 'failed') }, event)
    case 'stopped':
      return last({ ...state, phase: event.clean ? 'over' : 'stopping' }, event)
    case 'leftovers':
    case 'given-back':
      return last(state, event)
    case 'outcome':
      return last({ ...state, current: null, phase: 'over' }, event)
  }
}

const last = (state: ViewState, event: Lasting): ViewState => ({
  ...state,
  lasting: [...state.lasting, event],
})

/** A run that is being stopped stays so, whatever its last step still says. */
const afterStop = (state: ViewState, phase: ViewState['phase']): ViewState['phase'] =>
  state.phase === 'stopping' ? 'stopping' : phase

const start = ({ step, commands, exact }: StepStarted): Pick<ViewState, 'current' | 'log'> => ({
  current: { id: step, commands, exact, progress: null, fraction: null, speed: null },
  log: [],
})

const advance = (current: Current | null, event: StepProgress, now: number): Current | null => {
  if (current === null || current.id !== event.step) return current
  const told = fractionOf(event)
  if (told === null) return { ...current, progress: event }
  const fraction = Math.max(current.fraction ?? 0, told)
  const speed = learnSpeed(current.speed, fraction, now)
  return { ...current, progress: event, fraction, speed }
}

const fractionOf = ({ fraction, done, total }: StepProgress): number | null => {
  const told = fraction ?? (done === undefined || total === undefined ? Number.NaN : done / total)
  return Number.isFinite(told) ? Math.min(1, Math.max(0, told)) : null
}
