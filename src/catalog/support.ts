import { distributionNamed } from './distributions.ts'
import type { Release, Support } from './types.ts'

/** How a release is supported on the day `today` (`YYYY-MM-DD`). */
export const supportOf = (release: Release, today: string): Support => {
  const { distro, supportedUntil: until, longTermUntil: longer } = release
  if (!isOut(release, today)) return { state: 'development', until: null, words: 'in development' }
  if (until === null)
    return { state: 'supported', until, words: release.version === null ? 'rolling' : 'supported' }
  if (until >= today)
    return { state: 'supported', until, words: `supported until ${monthOf(until)}` }
  if (longer === null || longer < today) return ended('support', longer ?? until)
  if (!distributionNamed(distro).longTermIsFree) return ended('standard support', until)
  return { state: 'long-term', until: longer, words: `long-term support until ${monthOf(longer)}` }
}

/** True when a release has come out by the day `today`. */
export const isOut = ({ released }: Release, today: string): boolean =>
  released !== null && released <= today

const ended = (what: string, until: string): Support => ({
  state: 'ended',
  until,
  words: `${what} ended ${monthOf(until)}`,
})

const monthOf = (day: string): string => `${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`

const MONTHS =
  'January February March April May June July August September October November December'.split(' ')
