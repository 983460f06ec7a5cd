import { join } from 'node:path'
import { DISTRO_FILE } from '../../catalog/read-distribution.ts'
import { shownPath } from '../names.ts'
import { proofOf } from './image-notes.ts'
import type { FullInputs } from './inputs.ts'

/** Returns what to do when an image does not have the line that proves its release. */
export const proofTodo = (inputs: FullInputs): string[] => {
  const { distribution, given } = inputs
  const { mirror } = given.answers
  if (distribution.isRecipe) return recipeTodo(inputs)
  return [
    mirror === null
      ? `${distribution.title} may have changed this file since: take the newest create-base-image.`
      : 'Name another mirror, or leave --mirror out: this one has another release under that name.',
  ]
}

const recipeTodo = (inputs: FullInputs): string[] => {
  const { distribution, given } = inputs
  const { mirror } = given.answers
  const file = shownPath(given.places.from, join(distribution.folder, DISTRO_FILE))
  const places = [`"${distribution.family}"`, '"builder"'].join(' and ')
  return [
    `${file} says so: ${keyOf(inputs)} must be a whole line of "proof.file", ${proofOf(inputs).file}. Mend it there if what came is right.`,
    `If what came is wrong, the packages are of something else: mend ${places} there${mirror === null ? '' : ', or --mirror'}.`,
  ]
}

/** The key that the line stands under. */
const keyOf = ({ release, distribution: { proof } }: FullInputs): string => {
  if (release.proof !== null) return `"proof" of ${release.codename} in "releases.list"`
  return release.released === null && proof.unreleased !== null
    ? '"proof.unreleased"'
    : '"proof.line"'
}
