import { accessSync, constants, existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UsageError } from '../../errors.ts'
import { archiveKey, BEGUN, checkArchivePlace, type ArchiveWish } from './archive-place.ts'
import { checkUnlocked, OURS, releaseLock, takeLock } from './lock.ts'
import type { StepRecord } from '../events.ts'
import { writeWhole } from './files.ts'
import { readState } from './state-file.ts'
import { strangers } from './fresh.ts'
import { runState } from '../process/run-id.ts'
import { makeFolders } from '../../text/make-folders.ts'

export { OURS }

/** What is known of a project folder: kept in it, so that the same command can go on where it stopped. */
export interface ProjectState {
  readonly version: 1
  readonly finished: boolean
  /** The answers it was made from, as answers.json has them. */
  readonly answers: Readonly<Record<string, string | number>>
  /** SHA-256 of each file as we last wrote it: another digest means that the person changed it. */
  readonly written: Readonly<Record<string, string>>
  readonly steps: Readonly<Record<string, StepRecord>>
  /** SHA-256 of each archive as we last wrote it, by its path from the project folder. */
  readonly archives?: Readonly<Record<string, string>>
  /** SHA-256 of the text for an issue that a failure of ours left, as we wrote it. */
  readonly issue?: string
  /** The IDs of images that a new one took the name of, for `clean`. */
  readonly replaced?: readonly string[]
}

/** A project folder that one run works in. */
export interface Project {
  readonly directory: string
  /** `new` until the first step has made it; `resumed` with equal answers; `replaced` with others. */
  readonly kind: 'new' | 'resumed' | 'replaced'
  state: ProjectState
  /** True once this run has made the folder, so that a cancel may remove it. */
  made: boolean
  /** True when the folder was there and nothing of ours in it, so that a cancel leaves it like that. */
  readonly wasEmpty: boolean
  /** What stood in such a folder: a repository and its texts. It stays as it is. */
  readonly beside?: readonly string[]
  /** The id of this run once it has the folder's lock: nothing in the folder may be changed before. */
  lockedBy?: string
}

/**
 * Looks at the folder and claims it. Makes nothing. With `force` equal answers begin from the start, and other answers
 * replace the folder's; they do without it as long as no run has finished there, because a failure may ask for another
 * answer. Throws UsageError when it is not ours and not empty, when it is finished with other answers, when another run
 * works in it, or when the archive that is wished would replace something else.
 */
export const openProject = (
  directory: string,
  answers: ProjectState['answers'],
  force: boolean,
  archive: ArchiveWish | null = null,
): Project => {
  const fresh: ProjectState = { version: 1, finished: false, answers, written: {}, steps: {} }
  checkPlace(directory)
  const empty = isEmptyOrAbsent(directory)
  const state = empty ? null : readState(directory)
  const beside = empty || state !== null ? [] : strangers(directory, answers)
  if (beside === null) {
    throw new UsageError(`${directory} exists and was not made by create-base-image.`, [
      'Name another folder: create-base-image my-folder',
    ])
  }
  checkUnlocked(directory)
  const different = state === null ? [] : differences(state.answers, answers)
  if (different.length > 0 && state?.finished === true && !force) {
    throw new UsageError(`${directory} was made from other answers: ${different.join('; ')}.`, [
      'Give the same answers to go on with it, name another folder, or replace it with --force.',
    ])
  }
  if (archive !== null) checkArchivePlace(archive, state?.archives ?? {})
  if (state === null)
    return {
      directory,
      kind: 'new',
      state: fresh,
      made: false,
      beside,
      wasEmpty: existsSync(directory),
    }
  const there = { directory, made: false, wasEmpty: false }
  // Without a record of what is done, nothing is skipped; what the person changed stays.
  if (different.length === 0)
    return { ...there, kind: 'resumed', state: force ? { ...state, steps: {} } : state }
  const { written, archives = {}, issue } = state
  const kept = { written, archives, ...(issue !== undefined && { issue }) }
  return { ...there, kind: 'replaced', state: { ...fresh, ...kept } }
}

/** Removes a project folder that this run made; of one that was there before, only what is in it. */
export const removeProject = async (project: Project): Promise<void> => {
  const { directory, wasEmpty, beside = [] } = project
  const doomed = wasEmpty
    ? (await readdir(directory))
        .filter(name => !beside.includes(name))
        .map(name => join(directory, name))
    : [directory]
  await Promise.all(doomed.map(path => rm(path, { recursive: true, force: true })))
}

/** Saves what is known; a reader sees the old state or the new one, never half of it. */
export const saveState = async (project: Project, change: Partial<ProjectState>): Promise<void> => {
  project.state = { ...project.state, ...change }
  const folder = join(project.directory, OURS)
  await makeFolders(folder)
  await writeWhole(join(folder, 'state.json'), `${JSON.stringify(project.state, null, 2)}\n`)
}

/** Remembers that the project writes this archive: first that it has begun, then the digest of what it wrote. */
export const rememberArchive = (
  project: Project,
  archive: string,
  digest: string = BEGUN,
): Promise<void> => {
  const key = archiveKey(project.directory, archive)
  return saveState(project, { archives: { ...project.state.archives, [key]: digest } })
}

/**
 * Keeps other runs out of the folder until `unlock`; a dead run's lock is taken over.
 * Throws CraftError when another run has it.
 */
export const lock = async (project: Project, runId: string): Promise<void> => {
  if (project.lockedBy === runId) return
  const folder = join(project.directory, OURS)
  await makeFolders(folder)
  takeLock(project.directory, runId)
  project.lockedBy = runId
  await writeWhole(join(folder, '.gitignore'), '*\n')
}

/** Opens the folder to other runs; the lock of another run stays. */
export const unlock = (project: Project): void => {
  if (project.lockedBy !== undefined) releaseLock(project.directory, project.lockedBy)
  delete project.lockedBy
}

/** The temporary folders that dead runs left in `parent`. */
export const deadFolders = (parent: string): string[] =>
  (existsSync(parent) ? readdirSync(parent) : [])
    .filter(name => runState(TEMPORARY.exec(name)?.[1] ?? '') === 'dead')
    .map(name => join(parent, name))

/** Removes folders with everything that is in them. */
export const removeFolders = async (paths: readonly string[]): Promise<void> => {
  await Promise.all(paths.map(path => rm(path, { recursive: true, force: true })))
}

/** Removes the temporary folders that dead runs left in `parent`. */
export const sweepFolders = (parent: string): Promise<void> => removeFolders(deadFolders(parent))

const TEMPORARY = /^\..+\.create-base-image-(.+)$/

const checkPlace = (directory: string): void => {
  const found = kindOf(directory)
  if (found === 'folder') return checkWritable(directory)
  if (found === 'file') {
    throw new UsageError(`${directory} is a file, and the project needs a folder.`, [
      'Name another folder.',
    ])
  }
  if (isLink(directory)) {
    throw new UsageError(`${directory} is a link to a folder that is not there.`, [
      'Make that folder, remove the link, or name another folder.',
    ])
  }
  for (let above = dirname(directory); above !== dirname(above); above = dirname(above)) {
    if (kindOf(above) === 'folder') return checkWritable(above)
    if (kindOf(above) === 'file') {
      throw new UsageError(`${above} is a file, so no folder can be made in it.`, [
        'Name another folder.',
      ])
    }
  }
}

const checkWritable = (folder: string): void => {
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new UsageError(`You have no right to write in ${folder}.`, [
      'Name a folder where you may write: create-base-image ~/my-folder',
    ])
  }
}

/** What is at a path, links followed; also when a part above it is a file. */
const kindOf = (path: string): 'file' | 'folder' | 'nothing' => {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file'
  } catch {
    return 'nothing'
  }
}

const isLink = (path: string): boolean => {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

/**
 * True for a folder that nothing is in but what a run leaves that was killed before it had put a file there.
 * Throws UsageError when it can't be read.
 */
export const isEmptyOrAbsent = (directory: string): boolean => {
  try {
    const names = readdirSync(directory)
    if (names.length === 0) return true
    return (
      names.length === 1 && names[0] === OURS && !existsSync(join(directory, OURS, 'state.json'))
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw new UsageError(`${directory} can't be read (${(error as NodeJS.ErrnoException).code}).`, [
      'Name another folder.',
    ])
  }
}

type Answer = ProjectState['answers'][string] | undefined

const difference = (name: string, was: Answer, is: Answer): string => {
  if (was === undefined) return `${name} is new: ${is}`
  return is === undefined
    ? `${name} is left out, it was ${was}`
    : `${name} was ${was} and is now ${is}`
}

const differences = (was: ProjectState['answers'], is: ProjectState['answers']): string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter(name => was[name] !== is[name])
    .map(name => difference(name, was[name], is[name]))
