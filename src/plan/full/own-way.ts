import { hasOurKeys } from '../../catalog/archives.ts'
import { releaseTitle } from '../../catalog/releases.ts'
import { supportOf } from '../../catalog/support.ts'
import { UsageError } from '../../errors.ts'
import type { Origin } from './inputs.ts'

/** What decides whether the built-in way is taken. */
export type Wanted = Pick<Origin, 'given' | 'distribution' | 'family' | 'release'>

/** Throws UsageError when the built-in way was asked for and can't make the distribution. */
export const checkBuiltIn = (wanted: Wanted): void => {
  if (canBuiltIn(wanted)) return
  throw new UsageError(
    `--bootstrap built-in makes Debian, Ubuntu, Alpine and BusyBox, and ${wanted.distribution.title} is none of them.`,
    ['Leave it out: a container makes this one.'],
  )
}

/** Returns whether the built-in way is the one to take when none is named. */
export const prefersBuiltIn = (wanted: Wanted): boolean => {
  const { given, family } = wanted
  const { bootstrap, builder } = given.answers
  return (
    bootstrap === 'auto' &&
    family.routes[0] === 'built-in' &&
    canBuiltIn(wanted) &&
    // Who names a builder wants a container of it to do the work.
    builder === null &&
    !isEnded(wanted)
  )
}

/** Returns why the usual way is not taken, for a person who named none; nothing where there is nothing to say. */
export const doubtNotice = (wanted: Wanted): string[] => {
  const { given, family, release } = wanted
  const isUsual = given.answers.bootstrap === 'auto' && given.answers.builder === null
  return isUsual && family.routes[0] === 'built-in' && canBuiltIn(wanted) && isEnded(wanted)
    ? [
        `debootstrap makes it, because the support of ${releaseTitle(release)} has ended and its index may be signed by keys that have expired. --bootstrap built-in tries the faster way.`,
      ]
    : []
}

const canBuiltIn = ({ family, distribution }: Wanted): boolean =>
  family.builtIn !== undefined && (family.tool !== 'debootstrap' || hasOurKeys(distribution))

const isEnded = ({ release, given }: Wanted): boolean =>
  supportOf(release, given.today).state === 'ended'
