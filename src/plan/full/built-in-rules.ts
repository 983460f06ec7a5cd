import { hasOurKeys, newerOf } from '../../catalog/archives.ts'
import { releaseTitle } from '../../catalog/releases.ts'
import { supportOf } from '../../catalog/support.ts'
import { UsageError } from '../../errors.ts'
import type { Route } from './families/family.ts'
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

/** Throws UsageError for what only an image of our own making can follow, and most only one of Debian's or Ubuntu's packages. */
export const checkOwnAnswers = (wanted: Wanted, route: Route): void => {
  if (wanted.given.offline && route !== 'built-in')
    throw new UsageError(
      '--offline is for images that this tool makes itself, because no other way keeps packages for the next run.',
      [
        canBuiltIn(wanted)
          ? 'Leave it out, or use --bootstrap built-in instead of --bootstrap, --builder and --teach.'
          : `Leave it out: a container makes ${wanted.distribution.title}.`,
      ],
    )
  const { updates, snapshot, locked, sources } = wanted.given.answers
  const isDeb = wanted.family.tool === 'debootstrap'
  if (route === 'built-in' && isDeb) return checkSources(wanted)
  const flag = [
    locked !== null && '--locked',
    snapshot !== null && '--snapshot',
    sources !== null && '--sources',
    updates === true && !isDeb && '--updates',
    updates === false && !isDeb && '--no-updates',
  ].find(one => one !== false)
  if (flag === undefined) return
  if (!isDeb || !canBuiltIn(wanted))
    throw new UsageError(
      `${flag} is for Debian and Ubuntu, and this is ${wanted.distribution.title}.`,
      ['Leave it out.'],
    )
  throw new UsageError(
    `${flag} is for images that this tool makes itself, and debootstrap makes this one.`,
    ['Leave it out, or use --bootstrap built-in instead of --bootstrap, --builder and --teach.'],
  )
}

/** Throws UsageError for what would say once more where packages come from. */
const checkSources = ({ given: { answers } }: Wanted): void => {
  const { sources, mirror, snapshot, updates } = answers
  if (sources === null) return
  const other = [
    mirror !== null && '--mirror',
    snapshot !== null && '--snapshot',
    updates !== null && (updates ? '--updates' : '--no-updates'),
  ].find(one => one !== false)
  if (other !== undefined) throw sourcesTwice(other)
}

/** Returns the error for `--sources` together with a flag that says where packages come from, too. */
export const sourcesTwice = (other: string): UsageError =>
  new UsageError(`--sources says where all packages come from, so ${other} has no meaning.`, [
    'Leave one of them out.',
  ])

/** Returns whether the built-in way is the one to take when none is named. */
export const prefersBuiltIn = (wanted: Wanted): boolean => {
  const { given, family } = wanted
  const { bootstrap, builder, snapshot, locked, sources } = given.answers
  return (
    bootstrap === 'auto' &&
    family.routes[0] === 'built-in' &&
    canBuiltIn(wanted) &&
    // Whoever names a builder wants a container of it to do the work.
    builder === null &&
    // An archive of that day has not moved, and a lock needs no signature.
    (!isEnded(wanted) || (snapshot ?? locked ?? sources) !== null)
  )
}

/**
 * Returns whether a packages.lock tells the packages of the image, next to it or as an answer: a script then takes their
 * versions.
 */
export const hasLock = (wanted: Wanted): boolean => {
  const { bootstrap, locked } = wanted.given.answers
  const isOwn = bootstrap === 'built-in' ? canBuiltIn(wanted) : prefersBuiltIn(wanted)
  return wanted.family.tool === 'debootstrap' && (isOwn || locked !== null)
}

/**
 * Returns whether the tree's own apt brings debootstrap's work up to date, where the archive has anything newer: when told
 * to; else everywhere but on the way of Docker's page, which has the release alone, and for releases that have ended,
 * whose index apt may refuse.
 */
export const takesUpdates = (wanted: Wanted): boolean => {
  const { updates, bootstrap } = wanted.given.answers
  return (
    wanted.family.tool === 'debootstrap' &&
    newerOf(wanted.release) !== null &&
    (updates ?? (bootstrap !== 'debootstrap' && !isEnded(wanted)))
  )
}

/** Returns the sentence on that in the reason of a step. */
export const whyUpdates = (wanted: Wanted): string =>
  takesUpdates(wanted)
    ? ` Then its own apt installs the ${newerOf(wanted.release)} since the release${wanted.given.answers.mirror === null ? '' : ', as far as the mirror has them'}.`
    : ''

/** Returns why the usual way is not taken, for a person who named none; nothing where there is nothing to say. */
export const doubtNotice = (wanted: Wanted): string[] => {
  const { given, family, release } = wanted
  const { bootstrap, builder, snapshot, locked, sources } = given.answers
  const isUsual = bootstrap === 'auto' && (builder ?? snapshot ?? locked ?? sources) === null
  return isUsual && family.routes[0] === 'built-in' && canBuiltIn(wanted) && isEnded(wanted)
    ? [
        `debootstrap makes it, because the support of ${releaseTitle(release)} has ended and its index may be signed by keys that have expired. --bootstrap built-in tries the faster way.`,
      ]
    : []
}

/** Returns whether this tool can make it by itself: by keys that ship, and not where a recipe's own bootstrap.sh does it. */
export const canBuiltIn = ({ family, distribution }: Wanted): boolean =>
  family.builtIn !== undefined &&
  (family.tool !== 'debootstrap' || hasOurKeys(distribution)) &&
  !(distribution.scripts.includes('bootstrap.sh') && family.routes.includes('container'))

/** Returns whether nobody gets updates of the release for free any more. */
export const isEnded = ({ release, given }: Pick<Origin, 'given' | 'release'>): boolean =>
  supportOf(release, given.today).state === 'ended'
