import { keyringInside, keyringName, LOCK_FILE } from '../../ask/saved.ts'
import type { Family } from '../full/families/family.ts'
import { surroundings } from '../full/container-steps.ts'
import { imageNotes, proofOf } from '../full/image-notes.ts'
import { hasLock, takesUpdates } from '../full/built-in-rules.ts'
import { pastEntrypoint } from '../run-notes.ts'
import { changeOptions } from '../full/import-steps.ts'
import { withoutMirrorSecret } from '../full/mirror-login.ts'
import type { ScriptInputs } from '../full/inputs.ts'
import { endsAtOnce, importPlatform, scriptBuilder, type ScriptEngine } from './engine-words.ts'

/** The words of the client's commands in the scripts of a full image, alike for every shell. */
export interface ScriptWords {
  /** `create` up to the command of the container. */
  readonly create: readonly string[]
  /** The lines that the container runs; `options` come as its arguments. */
  readonly inside: readonly string[]
  /** The options of bootstrap.sh; a mirror is without user and password. */
  readonly options: readonly string[]
  /** What is put into the container: a file of the folder, and where it goes. */
  readonly copied: readonly Copied[]
  /** The same of a file that need not be there. */
  readonly copiedIfThere: readonly Copied[]
  readonly import: readonly string[]
  readonly proof: readonly string[]
  /** The mirror, when it wants a user and a password, which no script holds; else null. */
  readonly closedMirror: string | null
}

type Copied = readonly [file: string, to: string]

/** The texts of the files that a script runs in the container. */
export type InnerTexts = Readonly<Record<'bootstrap.sh' | 'pack.sh', string>>

/**
 * All words of a script that calls this engine's client. It `looksBeside` itself for a packages.lock, unless it can't: then
 * it takes one that the answers name.
 */
export const scriptWords = (
  inputs: ScriptInputs,
  engine: ScriptEngine,
  looksBeside = true,
): ScriptWords => {
  const open = withoutMirrorSecret(inputs)
  const { given, family, builder } = open
  const { keyring, locked } = given.answers
  const takesLock = hasLock(open) && (looksBeside || locked !== null)
  const lock: Copied[] = takesLock ? [[LOCK_FILE, `/${LOCK_FILE}`]] : []
  const packages = family.builderPackages(inputs)
  const asked = askedPlatform(inputs)
  const proof = pastEntrypoint(imageNotes(inputs), ['cat', proofOf(inputs).file])
  const platform = platformWords(inputs)
  return {
    create: [
      'create',
      ...endsAtOnce(engine),
      ...platform,
      ...surroundings(family),
      scriptBuilder(engine, builder),
    ],
    inside: [
      'set -e',
      ...installLines(family, packages),
      'sh /bootstrap.sh "$@"',
      'sh /pack.sh > /rootfs.tar',
    ],
    options: [...family.options(open), ...lock.flatMap(([, to]) => ['--lock', to])],
    copied: [
      ['bootstrap.sh', '/bootstrap.sh'],
      ['pack.sh', '/pack.sh'],
      ...(keyring === null ? [] : [[keyringName(keyring), keyringInside(keyring)] as const]),
      ...(locked === null ? [] : lock),
    ],
    copiedIfThere: locked === null ? lock : [],
    import: [
      'import',
      ...importPlatform(engine, asked),
      ...changeOptions(inputs, engine),
      'rootfs.tar',
      given.answers.tag,
    ],
    proof: ['run', '--rm', ...platform, ...proof.options, given.answers.tag, ...proof.command],
    closedMirror:
      given.answers.mirror === inputs.given.answers.mirror ? null : given.answers.mirror,
  }
}

/** Returns a comment on what the container does. */
export const whatContainer = (inputs: ScriptInputs): string => {
  const [first, ...more] = inputs.family.builderPackages(inputs)
  const put =
    first === undefined
      ? ''
      : `${[first, ...more].join(' and ')} ${more.length === 0 ? 'is' : 'are'} put in it, `
  return `# A container without special rights bootstraps: ${put}bootstrap.sh does the rest.`
}

/** Returns a comment, a line each, on what a script gives that this tool would not use itself; see scriptWords. */
export const unlikeOurs = (inputs: ScriptInputs, looksBeside = true): string => {
  if (!hasLock(inputs)) return ''
  const { snapshot, locked } = inputs.given.answers
  const updates = takesUpdates(inputs) ? ', and apt adds the updates' : ''
  const others = snapshot === null ? '' : ', and takes those of the snapshot'
  return `# debootstrap makes it${updates}: ${lockWords(locked !== null, looksBeside)}
# create-base-image itself gives the same ID from the same packages${others}.
`
}

const lockWords = (isAsked: boolean, looksBeside: boolean): string => {
  if (!isAsked && !looksBeside) return 'the packages of the day it runs, and another ID each time.'
  const when = isAsked ? '' : `where a ${LOCK_FILE} lies beside this,\n# `
  return `${when}in the versions that ${isAsked ? LOCK_FILE : 'it'} names, as far as the mirror still has them.
# The others are named. So it has the same packages, but not the same bytes.`
}

/** The options of bootstrap.sh in a script's own quotes; `variable` stands for a mirror that the person completes. */
export const optionWords = (
  { options, closedMirror }: ScriptWords,
  quote: (word: string) => string,
  variable: string,
): string[] =>
  options.map((word, i) =>
    closedMirror !== null && options[i - 1] === '--mirror' ? variable : quote(word),
  )

/** Quoted words as lines of 100 columns where that can be, an option beside its value; `end` is how a line goes on. */
export const wrapped = (words: readonly string[], end: string): string => {
  const lines: string[] = []
  let line = ''
  for (const pair of pairs(words)) {
    if (line !== '' && line.length + pair.length + end.length >= 100) {
      lines.push(line + end)
      line = ' '
    }
    line += line === '' ? pair : ` ${pair}`
  }
  return [...lines, line].join('\n')
}

const pairs = (words: readonly string[]): string[] => {
  const all: string[] = []
  for (const word of words) {
    if (all.length === 0 || word.startsWith('--')) all.push(word)
    else all.push(`${all.pop()} ${word}`)
  }
  return all
}

/** A comment on what a script that stands alone can't bring along; empty when there is nothing. */
export const besideNote = ({ given }: ScriptInputs, texts: InnerTexts | null): string => {
  const { keyring, locked } = given.answers
  if (texts === null) return ''
  return [
    ...(keyring === null
      ? []
      : [`\n# Your keyring must be next to this file under the name ${keyringName(keyring)}.\n`]),
    ...(locked === null ? [] : [`\n# Your ${LOCK_FILE} must be next to this file.\n`]),
  ].join('')
}

/** How a mirror that wants them reads with user and password; empty for every other. */
export const mirrorHint = ({ closedMirror }: ScriptWords): string =>
  closedMirror?.replace('://', '://USER:PASSWORD@') ?? ''

const installLines = ({ install }: Family, packages: readonly string[]): readonly string[] =>
  install === null || packages.length === 0 ? [] : [...install.setup, ...install.lines(packages)]

/** The option for the platform that is asked for, if any. */
export const platformWords = (inputs: ScriptInputs): string[] => {
  const asked = askedPlatform(inputs)
  return asked === null ? [] : ['--platform', asked]
}

/** Ubuntu's archive hangs on the architecture, so there it must not be left to the engine. */
const askedPlatform = ({ given, distribution, arch }: ScriptInputs): string | null =>
  given.answers.arch === null && !distribution.archDecidesArchive
    ? null
    : `linux/${given.answers.arch ?? arch}`
