import type { Given } from '../ask/answers.ts'
import type { RunEnd } from '../run/run.ts'

/** The notice that the image is made in another way than was begun. */
export const FALL_BACK =
  'The built-in way could not set these packages up, so debootstrap now makes the image, in a container.'

/** The same as the first choice of a person who can be asked. */
export const INSTEAD = {
  label: 'Make it with debootstrap instead',
  says: "Debian's own tool, in a container: slower, and another ID each time.",
}

/**
 * Returns the answers to go on with when our own bootstrap failed where debootstrap may not: the real dpkg refused the
 * tree that we made. Null when the person chose the way (unless one `isAsked`),
 * when debootstrap can't follow the answers, or when something else failed.
 */
export const fallBackFrom = (
  given: Given,
  { failure }: Pick<RunEnd, 'failure'>,
  isAsked = false,
): Given | null => {
  const { answers } = given
  // debootstrap would download them all.
  if (answers.kind !== 'full' || given.offline) return null
  const { bootstrap, updates, snapshot, locked, sources } = answers
  if (bootstrap !== 'auto' && !(isAsked && bootstrap === 'built-in')) return null
  // What debootstrap can't do is not what was asked for.
  if ((snapshot ?? locked ?? sources) !== null) return null
  // Without an engine it was packed in one step, and debootstrap has no container.
  if (failure?.step !== 'make' || failure.remedy?.code !== 'configure-failed') return null
  return { ...given, answers: { ...answers, bootstrap: 'debootstrap', updates: updates ?? true } }
}
