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

type TodoFor = Readonly<Record<string, readonly string[]>>

/** Returns what to do for failures about which the distribution knows more than the words of its tools, by their codes. */
export const todoFor = (inputs: FullInputs): TodoFor => ({
  ...packageTodoFor(inputs),
  ...(inputs.distribution.isRecipe ? recipeTodoFor(inputs) : {}),
})

const packageTodoFor = ({ distribution: { packageList } }: FullInputs): TodoFor => {
  if (packageList === null) return {}
  const todo = [`Check the names of --include: ${packageList}`]
  return Object.fromEntries(UNKNOWN_PACKAGE.map(code => [code, todo]))
}

const UNKNOWN_PACKAGE = [
  'package-unknown',
  'include-unknown',
  'debootstrap-no-package',
  'apt-no-package',
]

const recipeTodoFor = (inputs: FullInputs): TodoFor => {
  const { distribution, given } = inputs
  const file = fileOf(inputs)
  const place =
    given.answers.mirror === null ? `where its packages are, "${distribution.family}"` : '--mirror'
  const notThere = [
    `Check in ${file} the release's "codename" and "version" in "releases.list".`,
    `If they are right, check ${place}.`,
  ]
  return {
    'release-wrong': proofTodo(inputs),
    'archive-no-suite': notThere,
    'archive-no-address': notThere,
    'package-unknown': [`Check the name in --include, or in "packages" of ${file}.`],
    'keys-not-taken': [
      `Check in ${file}, "${distribution.family}", which file of keys the builder has.`,
      'Or give the keys: --keyring FILE',
    ],
    'archive-other-origin': [
      `Write what the index has into ${file}: "origin", below "deb".`,
      'If that is another distribution, correct "archive" there.',
    ],
    'debootstrap-unknown-release': [
      `Say in ${file} which release it is made from, below "deb": "script": "bookworm", say.`,
      'Or take a builder whose debootstrap knows it: "builder.image".',
    ],
  }
}

const recipeTodo = (inputs: FullInputs): string[] => {
  const { distribution, given } = inputs
  const { mirror } = given.answers
  return [
    `${fileOf(inputs)} says so: ${keyOf(inputs)} must be a whole line of "proof.file", ${proofOf(inputs).file}. Correct it there if the image is right.`,
    `If the image is wrong, the packages are from something else: correct "${distribution.family}" and "builder" there${mirror === null ? '' : ', or --mirror'}.`,
  ]
}

const fileOf = ({ distribution, given }: FullInputs): string =>
  shownPath(given.places.from, join(distribution.folder, DISTRO_FILE))

/** The key that the line is under. */
const keyOf = ({ release, distribution: { proof } }: FullInputs): string => {
  if (release.proof !== null) return `"proof" of ${release.codename} in "releases.list"`
  return release.released === null && proof.unreleased !== null
    ? '"proof.unreleased"'
    : '"proof.line"'
}
