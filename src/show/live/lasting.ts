import type { Outcome, StepDone, StepFailed, StepSkipped, StepSummary } from '../../run/events.ts'
import { counted, duration } from '../../text/units.ts'
import {
  backText,
  failureText,
  isFull,
  leftText,
  outcomeText,
  planText,
  recapText,
  stopText,
  titleOf,
} from '../texts.ts'
import { apart, paintLine, type Line } from './line.ts'
import { widthFor, type Size } from './layout.ts'
import type { ViewStyle } from './look.ts'
import type { Lasting } from './state.ts'
import { clip, fold, foldCommand, pad, widthOf } from './width.ts'

/** The lines that an event leaves on the screen for good. */
export const lastingText = (
  event: Lasting,
  steps: readonly StepSummary[],
  look: ViewStyle,
  size: Size,
): string => {
  switch (event.type) {
    case 'plan':
      return foldText(look.signs(planText(event, look.paint)).replace(/\n$/, ''), size.columns)
    case 'step-skipped':
    case 'step-done':
      return [
        settledText(event, steps, look, size),
        ...notesText(event.notes ?? [], look, size),
      ].join('\n')
    case 'step-failed':
      return failedText(event, steps, look, size.columns)
    case 'stopped':
      return foldText(look.signs(stopText(event)), size.columns)
    case 'leftovers':
      return foldText(look.signs(leftText(event)), size.columns)
    case 'given-back':
      return foldText(look.signs(backText(event)), size.columns)
    case 'outcome':
      return fittingEnd(event, steps, look, size)
  }
}

/** The column where results stand, so that they are below one another: after the longest title, within reason. */
export const resultColumn = (steps: readonly StepSummary[], width: number): number =>
  Math.min(Math.max(0, ...steps.map(({ title }) => widthOf(title))) + 4, Math.floor(width * 0.56))

/** Room for `12 min 20 s` would be wasted on nearly every line. */
const TIME_WIDTH = 8

/** What a proof printed is shown up to here; the journal has it whole. */
const PRINTED_LINES = 100

/** And up to here in a small window, where a whole distribution says who it is. */
const BRIEF_LINES = 3

const foldText = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap(line => (COMMAND.test(line) ? foldCommand(line, width) : fold(line, width)))
    .join('\n')

/** Commands to type next, and a log's lines, stay as they are; the terminal breaks what is too wide. */
const COMMAND = /^ {4}\S|^ *(?:\u001B\[\d+m)*[|$] /

const notesText = (notes: readonly string[], { words }: ViewStyle, size: Size): string[] =>
  notes.flatMap(note => fold(`  ${words(note)}`, size.columns, 2))

const settledText = (
  event: StepDone | StepSkipped,
  steps: readonly StepSummary[],
  look: ViewStyle,
  size: Size,
): string => {
  const { glyphs, paint, words } = look
  const width = widthFor(size)
  const [result, time] =
    event.type === 'step-done'
      ? [words(event.result), duration(event.seconds)]
      : [words(event.reason), '']
  const title = words(titleOf(steps, event.step))
  const mark: Line = [{ text: glyphs.done, tone: 'good' }, { text: ' ' }]
  const end: Line = [{ text: time, tone: 'dim' }]
  const room = width - Math.max(TIME_WIDTH, widthOf(time) + 2)
  const start = Math.min(resultColumn(steps, width), room - widthOf(result))
  if (result !== '' && start >= widthOf(title) + 4) {
    const text = pad(pad(title, start - 2) + result, width - 2 - widthOf(time))
    return paintLine([...mark, { text }, ...end], paint).trimEnd()
  }
  const first = apart([...mark, { text: title }], end, width) ?? [...mark, { text: title }]
  return [
    ...fold(paintLine(first, paint).trimEnd(), size.columns, 2),
    ...(result === '' ? [] : fold(`  ${result}`, size.columns, 2)),
  ].join('\n')
}

const failedText = (
  failure: StepFailed,
  steps: readonly StepSummary[],
  { glyphs, paint, words, signs }: ViewStyle,
  columns: number,
): string => {
  const { message, lastLines, remedy, commands = [] } = failure
  const safe: StepFailed = {
    ...failure,
    message: words(message),
    lastLines: lastLines.map(words),
    commands: commands.map(words),
    remedy:
      remedy === null
        ? null
        : { ...remedy, what: words(remedy.what), todo: remedy.todo.map(words) },
  }
  const [head = '', ...rest] = signs(failureText(safe, steps, paint)).split('\n')
  const lines = rest.map(line => `  ${line.trimStart()}`)
  return foldText([`${paint.bad(glyphs.failed)} ${head}`, ...lines, ''].join('\n'), columns)
}

/** The end with each step's reason, without them, or in brief: what the window has room for; LESSON.md keeps them anyway. */
const fittingEnd = (
  outcome: Outcome,
  steps: readonly StepSummary[],
  look: ViewStyle,
  size: Size,
): string => {
  const { paint, words, signs, glyphs } = look
  const { columns, rows } = size
  const short = (command: string): string => clip(words(command), columns - 8, glyphs.more)
  const recap = foldText(signs(recapText(steps, paint, short)).replace(/\n$/, ''), columns)
  const end = endText(outcome, look, columns)
  const brief = endText(outcome, look, columns, true)
  // The empty line at the top may leave the window, when the prompt comes below.
  const fits = (text: string): boolean => text.split('\n').length <= rows
  return [`${recap}\n${end}`, end, brief].find(fits) ?? end
}

/** What the proof printed is neither folded nor trusted with the terminal. */
const endText = (
  outcome: Outcome,
  { paint, words, signs }: ViewStyle,
  columns: number,
  brief = false,
): string => {
  const facts = signs(outcomeText({ ...outcome, printed: '' }, paint, brief)).replace(/\n$/, '')
  if (outcome.printed.trim() === '') return foldText(facts, columns)
  const printed = outcome.printed.trimEnd().split('\n')
  const cut = brief && isFull(outcome) && printed.length > BRIEF_LINES
  const most = cut ? BRIEF_LINES - 1 : PRINTED_LINES
  const more = printed.length - most
  const shown = [
    '',
    ...printed.slice(0, most).map(words),
    ...(more > 0 ? [paint.dim(signs(`… and ${counted(more, 'more line')}`))] : []),
  ]
  return `${shown.join('\n')}\n${foldText(facts, columns)}`
}
