import type { Given } from '../ask/answers.ts'
import type { RunEnd } from '../run/run.ts'

/** What a person is told when the image is made in another way than was begun. */
export const FALL_BACK =
  'The built-in way could not set these packages up, so debootstrap makes the image now, in a container.'

/**
 * Returns the answers to go on with when our own bootstrap failed where debootstrap may not: the real dpkg refused the
 * tree that we made. Null when the person chose the way, or when something else failed.
 */
export const fallBackFrom = (given: Given, { failure }: RunEnd): Given | null => {
  const { answers } = given
  if (answers.kind !== 'full' || answers.bootstrap !== 'auto') return null
  if (failure?.remedy?.code !== 'configure-failed') return null
  return { ...given, answers: { ...answers, bootstrap: 'debootstrap' } }
}
