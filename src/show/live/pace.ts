/** Decides when the screen may be drawn. */
export interface Pace {
  /** Whether drawing now keeps within the limits; `urgent` is for a person's key, which need not wait its turn. */
  readonly allows: (now: number, urgent: boolean) => boolean
  readonly drawn: (now: number) => void
}

/** Milliseconds between two redraws; the rest of the limit is for keys. */
export const TURN = 80

/** Redraws a second at most. */
const LIMIT = 15

/** A pace of at most 15 redraws a second, whatever happens. */
export const createPace = (): Pace => {
  let times: readonly number[] = []
  return {
    allows: (now, urgent) => {
      times = times.filter(time => now - time < 1000 && time <= now)
      return times.length < LIMIT && (urgent || now - (times.at(-1) ?? -TURN) >= TURN)
    },
    drawn: now => {
      times = [...times, now]
    },
  }
}
