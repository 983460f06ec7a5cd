import { cleanText } from './lines.ts'
import type { Progress, Reading } from './reader.ts'

/** Turns what a reader knows into progress readings. */
export type Teller = (progress: Progress) => Reading[]

/**
 * Makes a teller that keeps the promises of progress: the fraction never falls, done is at most total,
 * and nothing is reported twice in a row. It gives no reading or one.
 */
export const progressTeller = (): Teller => {
  let fraction: number | undefined
  let last = '{}'
  return progress => {
    fraction = risen(fraction, progress.fraction)
    const told = tidy(progress, fraction)
    const key = JSON.stringify(told)
    if (key === last) return []
    last = key
    return [{ kind: 'progress', progress: told }]
  }
}

const risen = (before: number | undefined, now: number | undefined): number | undefined => {
  if (now === undefined || !Number.isFinite(now)) return before
  // Rounded down, so that 1 means complete.
  const rounded = Math.floor(Math.min(1, Math.max(0, now)) * 10_000 + 1e-6) / 10_000
  return Math.max(before ?? 0, rounded)
}

const tidy = (progress: Progress, fraction: number | undefined): Progress => {
  const { done, total, unit, text } = progress
  return {
    ...(fraction === undefined ? {} : { fraction }),
    ...(done === undefined ? {} : { done: total === undefined ? done : Math.min(done, total) }),
    ...(total === undefined ? {} : { total }),
    ...(unit === undefined || done === undefined ? {} : { unit }),
    ...(text === undefined || text === '' ? {} : { text: short(cleanText(text)) }),
  }
}

const short = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 79)}…`)
