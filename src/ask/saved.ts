import { basename, dirname } from 'node:path'
import { UsageError } from '../errors.ts'
import { readBytes, UnfitFile } from '../text/read-text.ts'
import { findRelease, releaseSlug, releaseWord } from '../catalog/releases.ts'
import type { Release } from '../catalog/types.ts'
import type { Answers, FullAnswers, MinimalAnswers } from './answers.ts'
import type { Flags } from './flags.ts'
import { withoutSecret } from './questions/mirror.ts'
import { settingsTexts } from './questions/settings.ts'
import { SAVED } from './questions/index.ts'
import { decoded } from './text-file.ts'
import { isForEach, programText } from './questions/program.ts'

/** Answers as answers.json has them: the texts that the flags of the same names take. */
export type SavedAnswers = Readonly<Record<string, string | number>>

const KEYRING = 'keyring.gpg'

/**
 * Returns the name of the project folder's copy of a keyring: apk believes a key only under its own name, which signatures
 * tell it by; that of any other is `keyring.gpg`.
 */
export const keyringName = (path: string): string =>
  /^[\w@.+-]+\.rsa\.pub$/.exec(basename(path))?.[0] ?? KEYRING

/** Returns where a keyring is put in the container that bootstraps. */
export const keyringInside = (path: string): string => `/${keyringName(path)}`

/** The name of a lock in a project folder. */
export const LOCK_FILE = 'packages.lock'

/** The folder of a person's own sources, in the project folder, with the keys that they name below it by their paths. */
const SOURCES = 'sources'

/** Returns the name that a file of sources has in the image's own apt, which takes no other ending. */
export const sourcesName = (path: string): string =>
  basename(path).replace(/(?:\.sources)?$/, '.sources')

/** Returns where its copy is in the project folder. */
export const sourcesPlace = (path: string): string => `${SOURCES}/${sourcesName(path)}`

/** The folder of programs for several architectures, in the project folder: `linux/arm64/hello`. */
export const PLATFORMS = 'linux'

/** The recipe's folder in the project folder, which holds a copy. */
export const RECIPE = 'recipe'

/** The answers as answers.json has them: without user and password of a mirror. */
export const savedAnswers = (answers: Answers): SavedAnswers => ({
  version: answers.version,
  kind: answers.kind,
  tag: answers.tag,
  ...(answers.kind === 'full' ? ofFull(answers) : ofMinimal(answers)),
  ...archsText(answers),
  engine: answers.engine,
  ...settingsTexts(answers.settings),
})

const archsText = (answers: Answers): { arch?: string } => {
  if (answers.kind === 'minimal' && answers.archs.length > 0)
    return { arch: answers.archs.join(',') }
  return answers.arch === null ? {} : { arch: answers.arch }
}

/** What an answer is when nothing is said; a release is always said, because that default ages. */
export const STANDARD: Readonly<Record<Answers['kind'], Readonly<Record<string, unknown>>>> = {
  minimal: {
    version: 1,
    kind: 'minimal',
    program: 'bundled',
    libc: 'glibc',
    'compile-in': 'auto',
    builder: 'ubuntu:20.04',
    engine: 'auto',
  },
  full: { version: 1, slim: 'no', bootstrap: 'auto', engine: 'auto' },
}

/** The name that an image gets when none is given. */
export const standardTag = (answers: Answers): string =>
  answers.kind === 'full' ? `my-${nameOf(answers, releaseSlug)}` : 'hello'

/** A release as it is typed after --release. */
export const typedRelease = (answers: FullAnswers): string => nameOf(answers, releaseWord)

const nameOf = ({ distro, release }: FullAnswers, name: (release: Release) => string): string => {
  const found = findRelease(release, '', distro)
  return found === null ? release : name(found)
}

const ofMinimal = (answers: MinimalAnswers): SavedAnswers => ({
  program: programText(
    answers.program,
    isForEach(answers.program) && answers.archs.length > 0 ? PLATFORMS : null,
  ),
  libc: answers.libc,
  // Folders that were made before there were extras have no such answer.
  ...(answers.with.length === 0 ? {} : { with: answers.with.join(',') }),
  'compile-in': answers.compileIn,
  builder: answers.builder,
})

const ofFull = (answers: FullAnswers): SavedAnswers => ({
  distro: answers.distro,
  ...(answers.recipe === null ? {} : { recipe: `./${RECIPE}` }),
  release: answers.release,
  variant: answers.variant,
  slim: answers.slim ? 'yes' : 'no',
  ...(answers.include.length === 0 ? {} : { include: answers.include.join(',') }),
  bootstrap: answers.bootstrap,
  ...(answers.updates === null ? {} : { updates: answers.updates ? 'yes' : 'no' }),
  ...(answers.snapshot === null ? {} : { snapshot: answers.snapshot }),
  ...(answers.locked === null ? {} : { locked: `./${LOCK_FILE}` }),
  ...(answers.mirror === null ? {} : { mirror: withoutSecret(answers.mirror) }),
  ...(answers.keyring === null ? {} : { keyring: `./${keyringName(answers.keyring)}` }),
  ...(answers.sources === null ? {} : { sources: `./${sourcesPlace(answers.sources)}` }),
  ...(answers.builder === null ? {} : { builder: answers.builder }),
})

/** The texts of an answers.json, and the folder that its paths are relative to. Throws UsageError. */
export const readAnswers = (path: string): { texts: Flags['questions']; base: string } => {
  // An editor may have put its schema there.
  const { version, $schema: _, ...texts } = parseAnswers(path)
  if (version !== 1) {
    throw new UsageError(
      `${path} has answers of version ${String(version)}; this version reads version 1.`,
      ['Use the version of create-base-image that wrote it, or give the flags again.'],
    )
  }
  const { kind } = texts
  const names: readonly string[] =
    kind === 'full' || kind === 'minimal'
      ? SAVED[kind]
      : [...new Set([...SAVED.minimal, ...SAVED.full])]
  for (const [name, value] of Object.entries(texts)) {
    if (!names.includes(name)) {
      throw new UsageError(`${path}: there is no answer called "${name}".`, [
        `It may have: ${names.join(', ')}.`,
      ])
    }
    if (typeof value !== 'string')
      throw new UsageError(`${path}: "${name}" must be text in quotes.`)
    if (value.length > LONGEST_ANSWER)
      throw new UsageError(`${path}: "${name}" has more than ${LONGEST_ANSWER} characters.`)
  }
  return { texts, base: dirname(path) }
}

const EARLIER = 'Give the answers.json of an earlier run; it is in the project folder.'

/** A person writes a few lines; a thousand times that is something else. */
const MOST_BYTES = 1_000_000
const LONGEST_ANSWER = 4096

const answersText = (path: string): string => {
  try {
    const bytes = readBytes(path, { most: MOST_BYTES, links: true })
    if (bytes !== null) return decoded(bytes)
  } catch (error) {
    if (error instanceof UnfitFile)
      throw new UsageError(`--answers: ${path} ${error.why}.`, [EARLIER])
    throw cannotRead(path, (error as NodeJS.ErrnoException).code)
  }
  throw cannotRead(path, 'ENOENT')
}

const cannotRead = (path: string, code: string | undefined): UsageError =>
  new UsageError(`--answers: ${path} can't be read (${code}).`, [EARLIER])

const parseAnswers = (path: string): Record<string, unknown> => {
  const text = answersText(path)
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`)
  }
  throw new UsageError(`${path} is JSON, but not an object with answers.`)
}
