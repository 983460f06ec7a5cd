import { duration } from '../../units.ts'

/** What is known of a step's speed; times in milliseconds. */
export interface Speed {
  /** When its fraction was first known, and what it was. */
  readonly since: number
  readonly from: number
  /** When it was last told. */
  readonly told: number
  /** When it is expected to end. */
  readonly end: number
}

/** Learns from a fraction told now. Old expectations weigh more than new ones, so that the time does not jump. */
export const learnSpeed = (speed: Speed | null, fraction: number, now: number): Speed => {
  if (speed === null) return { since: now, from: fraction, told: now, end: Number.NaN }
  const gained = fraction - speed.from
  const left = ((now - speed.since) * (1 - fraction)) / gained
  if (gained <= 0) return { ...speed, told: now }
  const end = Number.isNaN(speed.end) ? now + left : speed.end * 0.8 + (now + left) * 0.2
  return { ...speed, told: now, end }
}

/**
 * Milliseconds until a step ends, or null when that can't be said honestly: known for less than 3 s, hardly moved,
 * silent for 5 s, or overdue.
 */
export const timeLeft = (speed: Speed | null, fraction: number, now: number): number | null => {
  if (speed === null || now - speed.since < 3000 || now - speed.told > 5000) return null
  const left = speed.end - now
  return fraction - speed.from >= 0.05 && fraction < 1 && left >= 1000 ? left : null
}

/** A time that is a guess, in words: `about 25 s`; never finer than the guess. */
export const aboutText = (milliseconds: number): string => {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `about ${Math.round(seconds)} s`
  const grain = seconds < 60 ? 5 : 10
  return `about ${duration(Math.round(seconds / grain) * grain)}`
}
