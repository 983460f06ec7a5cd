import { duration } from '../../text/units.ts'

/** A fraction at a time in milliseconds. */
interface Mark {
  readonly at: number
  readonly fraction: number
}

/** What is known of a step's speed. */
export interface Speed {
  readonly first: Mark
  /** Where the speed is measured from: five to ten seconds ago, because a step's parts differ in speed. */
  readonly from: Mark
  /** What `from` will be next. */
  readonly later: Mark
  /** When the fraction was last reported. */
  readonly updated: number
  /** When the step is expected to end, or null when it hardly moves. */
  readonly end: number | null
}

/** Learns from a fraction reported now. Old expectations weigh more than new ones, so that the time does not jump. */
export const learnSpeed = (speed: Speed | null, fraction: number, now: number): Speed => {
  const mark = { at: now, fraction }
  if (speed === null) return { first: mark, from: mark, later: mark, updated: now, end: null }
  const turns = now - speed.later.at > WINDOW
  const from = turns ? speed.later : speed.from
  const later = turns ? mark : speed.later
  const gained = fraction - from.fraction
  if (gained <= 0) return { ...speed, from, later, updated: now, end: null }
  const guess = now + ((now - from.at) * (1 - fraction)) / gained
  const end = speed.end === null ? guess : speed.end * 0.8 + guess * 0.2
  return { first: speed.first, from, later, updated: now, end }
}

/**
 * Milliseconds until a step ends, or null when that can't be said honestly: known for less than 3 s, at a standstill,
 * silent for 5 s, or overdue.
 */
export const timeLeft = (speed: Speed | null, now: number): number | null => {
  if (speed === null || speed.end === null) return null
  if (now - speed.first.at < 3000 || now - speed.updated > 5000) return null
  const milliseconds = speed.end - now
  return milliseconds >= 1000 ? milliseconds : null
}

/** The time that is left in words, `about 25 s`, or `a while` where it would stand still; null when too little is known. */
export const leftText = (speed: Speed | null, now: number): string | null => {
  const milliseconds = timeLeft(speed, now)
  if (milliseconds !== null) return aboutText(milliseconds)
  return speed === null || now - speed.first.at < 3000 ? null : 'a while'
}

const WINDOW = 5000

/** A time that is a guess, in words: `about 25 s`; never finer than the guess. */
export const aboutText = (milliseconds: number): string => {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `about ${Math.round(seconds)} s`
  const grain = seconds < 60 ? 5 : 10
  return `about ${duration(Math.round(seconds / grain) * grain)}`
}
