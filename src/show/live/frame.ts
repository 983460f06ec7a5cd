import type { StepSummary } from '../../run/events.ts'
import { resultColumn } from './lasting.ts'
import { layout, widthFor, WIDE, type Layout, type Size, type Wishes } from './layout.ts'
import { apart, fitLine, type Line } from './line.ts'
import { KEYS, type Choice, type LogPlace } from './keys.ts'
import { logFrame } from './log-frame.ts'
import type { ViewStyle } from './look.ts'
import type { ViewState } from './state.ts'
import { barOf, commandLines, countsOf, cut, limited, titleLine } from './step-lines.ts'
import { leftText } from './time-left.ts'
import { fold } from './width.ts'

/** Everything that a frame depends on. */
export interface FrameInput {
  readonly state: ViewState
  readonly choice: Choice
  readonly look: ViewStyle
  readonly size: Size
  /** Milliseconds. */
  readonly now: number
  /** Whether keys can be pressed at all. */
  readonly keys: boolean
}

/** A frame of the live view, and where the log stands when it is open. */
export interface Frame {
  readonly lines: readonly Line[]
  readonly place: LogPlace | null
}

/** Milliseconds that a spinner's sign stays: about six signs a second. */
export const SPINNER_PACE = 160

/** What is in flight, drawn: at most `rows - 1` lines, none wider than the window or than reads well. */
export const frameOf = (input: FrameInput): Frame => {
  const { state, size, look } = input
  if (state.phase !== 'running' && state.phase !== 'stopping') return { lines: [], place: null }
  const width = widthFor(size)
  const more = look.glyphs.more
  if (input.choice.log !== null && state.phase === 'running') {
    const title = remaining(state)[0]?.title ?? ''
    const open = logFrame({ title, log: state.log, from: input.choice.log, look, size })
    return { ...open, lines: open.lines.map(line => fitLine(line, width, more)) }
  }
  const parts = state.phase === 'running' ? runningParts(input) : stoppingParts(input)
  const shares = layout(size, wishesOf(parts, input))
  const lines = assemble(parts, shares, look)
  return {
    lines: lines.map(line => fitLine(line, width, more)),
    place: null,
  }
}

/** This many last lines of the log are below the command. */
const LOG_LINES = 3

/** The parts of a frame before anything is left out. */
interface Parts {
  readonly step: Line
  readonly bar: readonly Line[]
  readonly words: readonly Line[]
  readonly command: readonly string[]
  readonly log: readonly string[]
  readonly pending: readonly string[]
  readonly status: Line
  readonly why: readonly string[]
  readonly keys: readonly Line[]
}

const runningParts = (input: FrameInput): Parts => {
  const { state, choice, look, size } = input
  const width = widthFor(size)
  const [step, ...pending] = remaining(state)
  const { current } = state
  const fraction = current?.fraction ?? null
  const wide = width >= WIDE
  const bar = fraction === null ? [] : barOf(fraction, wide ? 12 : Math.min(20, width - 10), look)
  const counts = countsOf(current?.progress ?? null)
  const title: Line = [
    { text: `${spinner(input)} ` },
    { text: look.words(step?.title ?? 'Finish'), tone: 'strong' },
  ]
  const place = { width, column: resultColumn(state.steps, width), more: look.glyphs.more }
  const { line, countsShown } = titleLine(title, counts, wide ? bar : [], place)
  const words = [countsShown ? '' : counts, look.words(current?.progress?.text ?? '')]
  const activity = words.filter(Boolean).join('  ')
  return {
    step: line,
    bar: wide || bar.length === 0 ? [] : [[{ text: '  ' }, ...bar]],
    words: activity === '' ? [] : [[{ text: `    ${activity}` }]],
    command: commandLines(step, current, choice.exact, { width: width - 4, words: look.words }),
    log: choice.exact ? [] : state.log.slice(-LOG_LINES).map(look.words),
    pending: choice.exact ? [] : pending.map(({ title }) => look.words(title)),
    status: statusLine(input, step, width),
    why: fold(look.words(step?.why ?? ''), width - 5).filter(Boolean),
    keys: input.keys ? [keysLine(input, width)] : [],
  }
}

const stoppingParts = (input: FrameInput): Parts => ({
  step: [{ text: `${spinner(input)} Cleaning up` }],
  bar: [],
  words: [],
  command: [],
  log: [],
  pending: [],
  status: statusLine(input, undefined, widthFor(input.size)),
  why: [],
  keys: [],
})

/** The running step or the one that comes next, and those after it. */
const remaining = ({ steps, settled, current }: ViewState): readonly StepSummary[] => {
  const open = steps.filter(({ id }) => !settled.includes(id))
  return current === null
    ? open
    : open.slice(
        Math.max(
          0,
          open.findIndex(({ id }) => id === current.id),
        ),
      )
}

const spinner = ({ look, now }: FrameInput): string => {
  const signs = look.glyphs.spinner
  return signs[Math.floor(now / SPINNER_PACE) % signs.length] ?? ''
}

/** `3 of 5 · 00:31 · about 25 s left`; of a step that others follow, the time is said to be the step's. */
const statusLine = (input: FrameInput, step: StepSummary | undefined, width: number): Line => {
  const { state, now, look } = input
  const number = step === undefined ? 0 : state.steps.indexOf(step) + 1
  const place = number === 0 ? [] : [`${number} of ${state.steps.length}`]
  const speed = number === 0 ? null : (state.current?.speed ?? null)
  const isLast = number === state.steps.length
  const timeLeft = leftText(speed, now)
  const guess = timeLeft === null ? [] : [`${timeLeft} left${isLast ? '' : ' for this step'}`]
  const texts = [
    [...place, clock(now - state.began), ...guess],
    [...place, clock(now - state.began)],
  ]
    .map(parts => parts.join(` ${look.glyphs.dot} `))
    .map(text => apart([], [{ text, tone: 'dim' }], width))
  return texts.find(line => line !== null) ?? [{ text: clock(now - state.began), tone: 'dim' }]
}

const keysLine = ({ look }: FrameInput, width: number): Line => {
  const long = KEYS.map(({ name, label }) => `${name} ${label}`).join(` ${look.glyphs.dot} `)
  const short = KEYS.map(({ name }) => name).join(' ')
  return [{ text: long.length <= width ? long : short, tone: 'dim' }]
}

const clock = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

const wishesOf = (parts: Parts, { choice }: FrameInput): Wishes => ({
  bar: parts.bar.length,
  words: parts.words.length,
  command: parts.command.length,
  log: parts.log.length,
  pending: parts.pending.length,
  why: parts.why.length,
  whyFirst: choice.why === 'first',
  commandFirst: choice.exact,
  keys: parts.keys.length,
})

const assemble = (parts: Parts, shares: Layout, { glyphs }: ViewStyle): readonly Line[] => [
  ...[parts.step].slice(0, shares.step),
  ...parts.bar.slice(0, shares.bar),
  ...parts.words.slice(0, shares.words),
  ...cut(parts.command, shares.command, glyphs.more).map(line => dim(`    ${line}`)),
  ...(shares.log === 0 ? [] : parts.log.slice(-shares.log)).map(line => dim(`    ${line}`)),
  ...limited(parts.pending, shares.pending, glyphs.more).map(line => [{ text: `  ${line}` }]),
  ...[parts.status].slice(0, shares.status),
  ...cut(parts.why, shares.why, glyphs.more).map((line, index) => whyLine(line, index)),
  ...[EMPTY].slice(0, shares.why === 0 ? 0 : shares.gap),
  ...parts.keys.slice(0, shares.keys),
]

const EMPTY: Line = []

const dim = (text: string): Line => [{ text, tone: 'dim' }]

const whyLine = (line: string, index: number): Line => [
  { text: index === 0 ? 'why  ' : '     ', tone: 'strong' },
  { text: line },
]
