import type { Event, StepSummary, View } from '../run/events.ts'
import type { Out } from './out.ts'
import type { Paint } from './paint.ts'
import { backText, failureText, leftText, stopText } from './texts.ts'

interface QuietOptions {
  /** Takes the image's ID. */
  readonly out: Out
  /** Takes what went wrong. */
  readonly err: Out
  readonly paint: Paint
  readonly decide?: View['decide']
}

/** The image's ID when it is made, as `docker build --quiet` does, and failures; nothing else. */
export const quietView = ({ out, err, paint, decide }: QuietOptions): View => {
  let steps: readonly StepSummary[] = []
  const wrong = (event: Event): string => {
    if (event.type === 'plan') steps = event.steps
    if (event.type === 'step-failed') return failureText(event, steps, paint)
    if (event.type === 'stopped') return stopText(event)
    if (event.type === 'leftovers') return leftText(event)
    return event.type === 'given-back' ? backText(event) : ''
  }
  return {
    show: async events => {
      for (const event of events) {
        const text = wrong(event)
        if (text !== '') await err.write(`${text}\n`)
        if (event.type === 'outcome') await out.write(`${event.id}\n`)
      }
    },
    decide: decide ?? (async () => 'stop'),
    close: () => undefined,
  }
}
