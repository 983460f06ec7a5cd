import type { Event, StepProgress, StepSummary, View } from '../run/events.ts'
import type { Out } from './out.ts'
import type { Paint } from './paint.ts'
import {
  backText,
  doneText,
  failureText,
  leftText,
  noteLines,
  outcomeText,
  planText,
  progressText,
  sizeText,
  startText,
  stillText,
  stopText,
  titleOf,
} from './texts.ts'

export interface LinesOptions {
  readonly out: Out
  readonly paint: Paint
  /** Show every line that a step's commands print. */
  readonly verbose: boolean
  /** A person reads along: each step says its reason, and lines are broken by this between words. */
  readonly fold?: Fold
  /** Asks the person what to do after a failed step; without it the run ends there. */
  readonly decide?: View['decide']
  /** The time in milliseconds; by default the machine's clock. */
  readonly now?: () => number
}

/** Breaks a line of a terminal into lines that fit; the ones after the first are indented by `hang`. */
export type Fold = (line: string, hang?: number) => readonly string[]

/** Seconds without a word after which the view says that it is still at work. */
const HEARTBEAT = 30

/** One line an event, with the time since the start; no cursor movement, so it reads the same in a file. */
export const linesView = (options: LinesOptions): View => {
  const { out, paint, fold, verbose, now = Date.now } = options
  const state: LinesState = {
    began: now(),
    spoke: now(),
    steps: [],
    current: '',
    progress: '',
    quarter: 0,
  }
  const say = (text: string): void | Promise<void> => {
    state.spoke = now()
    return out.write(text)
  }
  const heartbeat = (): void => {
    if (state.current === '' || now() - state.spoke < HEARTBEAT * 1000) return
    void say(
      `${paint.dim(clockOf(now() - state.began))}    ${stillText(state.current, state.progress)}\n`,
    )
  }
  const timer = setInterval(heartbeat, 1000).unref()
  return {
    show: events => {
      const clock = clockOf(now() - state.began)
      const text = events.map(event => lineOf(event, state, options, clock)).join('')
      if (text === '') return undefined
      return say(fold === undefined || verbose ? text : folded(text, fold))
    },
    decide: options.decide ?? (async () => 'stop'),
    close: () => clearInterval(timer),
  }
}

interface LinesState {
  readonly began: number
  spoke: number
  steps: readonly StepSummary[]
  /** The title of the step that runs, or nothing between steps. */
  current: string
  /** How far it is, in words, and the last quarter that was told. */
  progress: string
  quarter: number
}

const lineOf = (
  event: Event,
  state: LinesState,
  { paint, verbose, fold }: LinesOptions,
  clock: string,
): string => {
  const at = (mark: string, text: string): string => `${paint.dim(clock)} ${mark} ${text}\n`
  remember(event, state)
  switch (event.type) {
    case 'plan':
      return planText(event, paint)
    case 'step-started':
      return at('..', startText(event, state.steps, paint, fold !== undefined))
    case 'output':
      return verbose ? at('  ', event.line) : ''
    case 'progress':
      return tellsMore(event, state) ? at('  ', state.progress) : ''
    case 'size':
      return at('  ', sizeText(event))
    case 'step-skipped':
      return at(
        paint.good('ok'),
        `${titleOf(state.steps, event.step)}: ${event.reason}${noteLines(event.notes ?? [])}`,
      )
    case 'step-done':
      return at(paint.good('ok'), doneText(event, state.steps, paint))
    case 'step-failed':
      return at(paint.bad('!!'), failureText(event, state.steps, paint))
    case 'stopped':
      return at('  ', stopText(event))
    case 'leftovers':
      return at('  ', leftText(event))
    case 'given-back':
      return at('  ', backText(event))
    case 'outcome':
      return outcomeText(event, paint)
  }
}

/** Commands, and what a program said, stay as they are. */
const folded = (text: string, fold: Fold): string =>
  text
    .split('\n')
    .flatMap(line => (COMMAND.test(line) ? [line] : fold(line, CLOCK.test(line) ? 9 : undefined)))
    .join('\n')

/** A command with a comment, or a comment, is none of these. */
const COMMAND = /^ {4}(?!# |.* {2}# )\S|^ {9}(?:\S*\$ |\S*\| )/
const CLOCK = /^(?:\u001B\[\d+m)*\d\d:\d\d| {9}/

const remember = (event: Event, state: LinesState): void => {
  if (event.type === 'plan') state.steps = event.steps
  if (event.type === 'progress') state.progress = progressText(event)
  if (event.type !== 'step-started') {
    if (!['progress', 'output', 'size'].includes(event.type)) state.current = ''
    return
  }
  state.current = titleOf(state.steps, event.step)
  state.progress = ''
  state.quarter = 0
}

/** A line for every quarter, so that a log shows progress without drowning in it. */
const tellsMore = ({ fraction = 0 }: StepProgress, state: LinesState): boolean => {
  const quarter = Math.floor(fraction * 4)
  if (quarter <= state.quarter || quarter === 4) return false
  state.quarter = quarter
  return true
}

const clockOf = (milliseconds: number): string => {
  const seconds = Math.floor(milliseconds / 1000)
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
