import type { Event, Outcome, PlanEvent } from '../run/events.ts'
import { clipped } from './bars.ts'
import { firstSentence } from '../text/first-sentence.ts'
import { duration } from '../text/units.ts'
import { wrap } from '../text/wrap.ts'

/** A step of a run, as it is reported afterwards. */
export interface RecapStep {
  readonly id: string
  readonly title: string
  readonly why: string
  /** The commands in the form a person would type. */
  readonly commands: readonly string[]
  /** What came of it, in words; null when it was not reached. */
  readonly result: string | null
}

/** A run, as it is reported afterwards. */
export interface Recap {
  readonly headline: string
  readonly directory: string
  readonly steps: readonly RecapStep[]
  /** Null when the run did not come to its end. */
  readonly outcome: Outcome | null
}

/** Returns what a run's events tell of it, or null when they have no plan. */
export const recapOf = (events: readonly Event[]): Recap | null => {
  const plan = events.find((event): event is PlanEvent => event.type === 'plan')
  if (plan === undefined) return null
  const outcome = events.find((event): event is Outcome => event.type === 'outcome')
  return {
    headline: plan.headline,
    directory: plan.directory,
    steps: plan.steps.map(({ id, title, why, commands }) => ({
      id,
      title,
      why,
      commands: startedAs(id, events) ?? commands,
      result: resultOf(id, events),
    })),
    outcome: outcome ?? null,
  }
}

/** Returns the recap for a terminal: each step with its command, clipped to a line, and the one sentence on why. */
export const recapText = ({ headline, steps }: Recap, width: number): string =>
  [
    ...wrap(headline, width),
    ...steps.flatMap(({ title, why, commands, result }, i) => [
      '',
      ...wrap(`${i + 1}. ${title}${result === null ? '  (not reached)' : ''}`, width),
      ...commands.map(command => `   $ ${clipped(command, width - 5, true)}`),
      ...wrap(firstSentence(why), width, '   '),
    ]),
  ]
    .map(line => `${line}\n`)
    .join('')

/** Returns the commands of a step as they were started, in the form a person would type; null when it was not. */
export const startedAs = (id: string, events: readonly Event[]): readonly string[] | null => {
  const started = events.findLast(event => event.type === 'step-started' && event.step === id)
  return started?.type === 'step-started' ? started.commands : null
}

const resultOf = (id: string, events: readonly Event[]): string | null => {
  for (const event of events.toReversed()) {
    if (event.type === 'step-skipped' && event.step === id) return event.reason
    if (event.type === 'step-done' && event.step === id)
      return [event.result, duration(event.seconds)].filter(Boolean).join(', in ')
  }
  return null
}
