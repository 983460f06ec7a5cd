import { UsageError } from '../errors.ts'

/** What a distribution was asked for and does not have. */
export interface Lacking {
  /** The flag that asks for it: `--arch`. */
  readonly flag: string
  /** The distribution as people call it. */
  readonly title: string
  /** What it has none of, with the value: `release "99"`. */
  readonly what: string
  /** The value of the flag that is nearest, or null. */
  readonly nearest: string | null
  /** Where everything it has is listed, in a sentence. */
  readonly all: string
}

/** Returns the error that refuses what a distribution does not have, before anything runs. */
export const lacking = ({ flag, title, what, nearest, all }: Lacking): UsageError =>
  new UsageError(`${flag}: ${title} has no ${what}.`, [
    ...(nearest === null ? [] : [`Did you mean ${nearest}?`]),
    all,
  ])
