import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Answers, FullAnswers, Given } from '../ask/answers.ts'
import { MANY } from '../ask/questions/settings.ts'
import { nameOfFolder, shortName } from '../ask/questions/tag.ts'
import {
  keyringName,
  LOCK_FILE,
  RECIPE,
  savedAnswers,
  sourcesPlace,
  STANDARD,
  standardTag,
  typedRelease,
} from '../ask/saved.ts'
import { distributionNamed, distributions } from '../catalog/distributions.ts'
import { findRelease } from '../catalog/releases.ts'

/** A command line of ours as data: what repeats the answers of a run. */
export interface CommandLine {
  /** The texts of flags by their names without dashes; the empty text for one without a value. */
  readonly flags: Readonly<Record<string, string>>
  /** The project folder as it is typed, or null for the usual one. */
  readonly folder: string | null
  /** What the proof hands to the program. */
  readonly words: readonly string[]
}

/** How a person who has installed nothing calls us. */
export const OURS: readonly string[] = ['npx', 'create-base-image']

/**
 * Returns the command line that repeats the answers where the person stands. A mirror's user and password are not in
 * it; a release names its distribution and the kind of image, so these are left out.
 */
export const commandLineOf = (given: Given): CommandLine => {
  const { answers, places, words, verify, pull, offline, push, sign } = given
  const usual = resolve(places.from, shortName(answers.tag)) === places.directory
  const named = (usual ? null : nameOfFolder(places.directory)) ?? standardTag(answers)
  const { tag, ...others } = changedFlags(given)
  return {
    flags: {
      ...(tag === undefined || tag === named ? {} : { tag }),
      ...others,
      ...(places.outputNamed ? { output: typedPath(places.from, places.output) } : {}),
      ...(verify ? { verify: '' } : {}),
      ...(pull ? { pull: '' } : {}),
      ...(offline ? { offline: '' } : {}),
      ...(push === null ? {} : { push }),
      ...(sign === null ? {} : { sign: isAbsolute(sign) ? typedPath(places.from, sign) : sign }),
    },
    folder: usual ? null : typedFolder(places.from, places.directory),
    words,
  }
}

/** Returns the same for a person in the folder above the project folder, which holds copies of all files that it takes. */
export const commandLineBeside = (given: Given): CommandLine => {
  const { answers, places } = given
  const inside = (name: string): string => join(places.directory, name)
  const beside = { ...places, from: dirname(places.directory) }
  if (answers.kind === 'full') {
    const keyring = answers.keyring === null ? null : inside(keyringName(answers.keyring))
    const recipe = answers.recipe === null ? null : inside(RECIPE)
    const locked = answers.locked === null ? null : inside(LOCK_FILE)
    const sources = answers.sources === null ? null : inside(sourcesPlace(answers.sources))
    const copied = { ...answers, keyring, locked, sources, recipe }
    return commandLineOf({ ...given, answers: copied, ...ALONE, places: beside })
  }
  const { program } = answers
  const copied =
    'path' in program
      ? { ...program, path: inside(savedAnswers(answers)['program'] as string) }
      : program
  return commandLineOf({
    ...given,
    answers: { ...answers, program: copied },
    ...ALONE,
    places: beside,
  })
}

/** What belongs to one run alone. */
const ALONE = {
  words: [],
  verify: false,
  pull: false,
  offline: false,
  push: null,
  sign: null,
} as const

const changedFlags = ({ answers, places }: Given): Record<string, string> => {
  const { version: _, ...saved } = savedAnswers(answers)
  const typed: Record<string, string | number> = { ...saved }
  if (answers.kind === 'minimal' && 'path' in answers.program)
    typed['program'] = typedPath(places.from, answers.program.path)
  if (answers.kind === 'full') {
    typed['release'] = typedRelease(answers)
    if (answers.keyring !== null) typed['keyring'] = typedPath(places.from, answers.keyring)
    if (answers.locked !== null) typed['locked'] = typedPath(places.from, answers.locked)
    if (answers.sources !== null) typed['sources'] = typedPath(places.from, answers.sources)
    if (answers.recipe !== null) typed['recipe'] = typedPath(places.from, answers.recipe)
  }
  const changed = Object.entries(typed).filter(
    ([name, value]) => !isUnderstood(answers, name, value),
  )
  return Object.fromEntries(changed.map(([name, value]) => flagOf(name, String(value))))
}

/** True for what comes out the same when it is not said. */
const isUnderstood = (answers: Answers, name: string, value: string | number): boolean => {
  if (answers.kind === 'full') {
    if (name === 'kind') return true
    // What is not said a lock says, and it may say something else.
    if (answers.locked !== null && ['variant', 'slim'].includes(name)) return false
    if (name === 'distro') return namesDistro(answers)
    // The first of its distribution's is the usual one.
    if (name === 'variant') return distributionNamed(answers.distro).variants[0]!.name === value
  }
  return STANDARD[answers.kind][name] === value
}

/** Whether the release alone says what distribution is meant: two may have one of that name, and a recipe is of its own. */
const namesDistro = (answers: FullAnswers): boolean => {
  const { distro, recipe, release } = answers
  const own = distributions().find(one => one.isRecipe && one.folder === recipe)?.name
  const found = findRelease(typedRelease(answers), '', own)
  return found?.distro === distro && found.codename === release
}

/** What is answered by yes or no has a flag for each. */
const flagOf = (name: string, text: string): readonly [string, string] => {
  if (!['slim', 'updates'].includes(name)) return [name, text]
  return [text === 'no' ? `no-${name}` : name, '']
}

/**
 * Returns the words of a command line. `change` is made to it first, in our own words: `--libc musl` sets a flag,
 * `--with +tmp` adds to a list, `-arch` takes a flag out, and what follows `--` are the words for the program.
 */
export const commandWordsOf = (line: CommandLine, change = ''): string[] => {
  const { flags, folder, words } = changed(line, change)
  return [
    ...OURS,
    ...(folder === null ? [] : [folder]),
    '--yes',
    ...Object.entries(flags).flatMap(([name, value]) => flagWords(name, value)),
    ...(words.length === 0 ? [] : ['--', ...words]),
  ]
}

/** A value that begins with a dash would be taken for a flag. */
const flagWords = (name: string, value: string): string[] => {
  if (value === '') return [`--${name}`]
  if (MANY.includes(name)) return value.split('\n').flatMap(one => [`--${name}`, one])
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value]
}

const changed = (line: CommandLine, change: string): CommandLine => {
  const [own = '', words] = change.split(/(?:^| )-- /)
  const flags = { ...line.flags }
  for (const [, dashes, name = '', value = ''] of own.matchAll(
    /(--?)([a-z-]+)(?: ([^\s-]\S*))?/g,
  )) {
    if (dashes === '-') delete flags[name]
    else flags[name] = value.startsWith('+') ? added(flags[name], value.slice(1)) : value
  }
  const folder = own.includes('-directory') ? null : line.folder
  return { ...line, flags, folder, words: words === undefined ? line.words : words.split(' ') }
}

const added = (list: string | undefined, value: string): string =>
  list === undefined ? value : `${list},${value}`

/** A path as a person who is in `from` would type it: relative when it lies below. */
const typedPath = (from: string, path: string): string => {
  const near = relative(from, path)
  if (near === '' || near.startsWith('..') || near === path) return path
  return near.startsWith('-') ? `.${sep}${near}` : near
}

/** With dots before it no name is taken for a command of ours. */
const typedFolder = (from: string, path: string): string => {
  const typed = typedPath(from, path)
  if (relative(from, path) === '') return '.'
  return typed === path || typed.startsWith(`.${sep}`) ? typed : `.${sep}${typed}`
}
