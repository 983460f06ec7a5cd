import type { BuildStarted, BuildView } from '../../run/build-events.ts'
import type { Event, StepSummary } from '../../run/events.ts'
import { duration } from '../../text/units.ts'
import { printableColours } from '../../text/printable.ts'
import type { Out } from '../out.ts'
import type { Paint } from '../paint.ts'
import {
  backText,
  doneText,
  failureText,
  leftText,
  noteLines,
  stopText,
  titleOf,
} from '../texts.ts'
import { endWords, headText, summaryText } from './texts.ts'

export interface LinesOptions {
  readonly out: Out
  readonly paint: Paint
  /** Show every line that a step's commands print. */
  readonly verbose: boolean
  /** The window's, where a person reads it. */
  readonly columns?: number
}

/** One line an event with the image's name before it: the same at a terminal, in a file and for a screen reader. */
export const linesBuildView = ({ out, paint, verbose, columns }: LinesOptions): BuildView => {
  let started: BuildStarted = { type: 'build', version: 1, jobs: 1, images: [] }
  const steps = new Map<number, readonly StepSummary[]>()
  const named = (index: number, text: string): string =>
    `${paint.dim(`[${started.images[index]?.name ?? ''}]`)} ${printableColours(text)}\n`
  return {
    start: event => {
      started = event
      return out.write(`${headText(event)}\n`)
    },
    show: (index, events) => {
      for (const event of events) if (event.type === 'plan') steps.set(index, event.steps)
      const lines = events.flatMap(event => lineOf(event, steps.get(index) ?? [], verbose, paint))
      return lines.length === 0
        ? undefined
        : out.write(lines.map(line => named(index, line)).join(''))
    },
    ended: (index, end) => {
      const mark = paint[end.state === 'made' ? 'good' : 'bad'](end.state)
      return out.write(named(index, `${mark}: ${endWords(end)} (${duration(end.seconds)})`))
    },
    finish: ended => out.write(summaryText(ended, paint, columns)),
    close: () => undefined,
  }
}

const lineOf = (
  event: Event,
  steps: readonly StepSummary[],
  verbose: boolean,
  paint: Paint,
): string[] => {
  switch (event.type) {
    case 'plan':
      return [event.headline, ...event.notices]
    case 'step-started':
      return [`.. ${titleOf(steps, event.step)}`]
    case 'output':
      return verbose ? [`   ${event.line}`] : []
    case 'step-skipped':
      return [`ok ${titleOf(steps, event.step)}: ${event.reason}${noteLines(event.notes ?? [])}`]
    case 'step-done':
      return [`ok ${doneText(event, steps, paint)}`]
    case 'step-failed':
      return [`!! ${failureText(event, steps, paint)}`]
    case 'stopped':
      return [stopText(event)]
    case 'leftovers':
      return [leftText(event)]
    case 'given-back':
      return [backText(event)]
    default:
      return []
  }
}
