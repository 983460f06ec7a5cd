import { counted, size } from '../text/units.ts'
import { standardRelease } from './releases.ts'
import { isOut } from './support.ts'
import type { Distribution } from './types.ts'

/** What helps to choose among distributions, each in few letters for a table. */
export interface Compared {
  /** An image of the first variant, as measured: `7.8 MB`; UNKNOWN where nobody measured it. */
  readonly size: string
  /** Its C library; UNKNOWN where its file leaves it out. */
  readonly libc: string
  /** How long a release gets free updates: `5 years`, `rolling`, `none`; UNKNOWN where its file has no dates. */
  readonly updates: string
}

/** Stands for what nobody measured or said. */
export const UNKNOWN = '-'

/** Returns how a distribution compares with others, by its standard release on the day `today` (`YYYY-MM-DD`). */
export const compared = (one: Distribution, today: string): Compared => ({
  size: one.sizes === null ? UNKNOWN : size(one.sizes.whole),
  libc: one.libc ?? UNKNOWN,
  updates: updatesOf(one, today),
})

const updatesOf = (one: Distribution, today: string): string => {
  // Its one program comes from another's package, and nothing in the image can bring a newer one.
  if (one.family === 'busybox') return 'none'
  const release = standardRelease(one.name, today)
  const { released, supportedUntil, longTermUntil, version } = release
  const until = (one.longTermIsFree ? longTermUntil : null) ?? supportedUntil
  if (until === null) return version === null && isOut(release, today) ? 'rolling' : UNKNOWN
  if (released === null) return UNKNOWN
  const years = Math.round((Date.parse(until) - Date.parse(released)) / YEAR)
  return counted(years, 'year')
}

/** Milliseconds. */
const YEAR = 365.25 * 24 * 60 * 60 * 1000
