import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../errors.ts'
import type { StepRecord } from './events.ts'
import { makeFolders, writeWhole } from './files.ts'
import { runState } from './run-id.ts'

/** The folder in the project folder that keeps what runs know of each other. */
export const OURS = '.create-base-image'

/** What is known of a project folder: kept in it, so that the same command can go on where it stopped. */
export interface ProjectState {
  readonly version: 1
  readonly finished: boolean
  /** The answers it was made from, as answers.json has them. */
  readonly answers: Readonly<Record<string, string | number>>
  /** SHA-256 of each file as we last wrote it: another digest means that the person changed it. */
  readonly written: Readonly<Record<string, string>>
  readonly steps: Readonly<Record<string, StepRecord>>
}

/** A project folder that one run works in. */
export interface Project {
  readonly directory: string
  /** `new` until the first step has made it; `resumed` with equal answers; `replaced` by --force. */
  readonly kind: 'new' | 'resumed' | 'replaced'
  state: ProjectState
  /** True once this run has made the folder, so that a cancel may remove it. */
  made: boolean
  /** True when the folder was there and empty, so that a cancel leaves it like that. */
  readonly wasEmpty: boolean
}

/**
 * Looks at the folder and claims it. Makes nothing. Throws UsageError when it is not ours and not empty,
 * when it has other answers and `force` is false, or when another run works in it.
 */
export const openProject = (
  directory: string,
  answers: ProjectState['answers'],
  force: boolean,
): Project => {
  const fresh: ProjectState = { version: 1, finished: false, answers, written: {}, steps: {} }
  checkPlace(directory)
  if (isEmptyOrAbsent(directory)) {
    return { directory, kind: 'new', state: fresh, made: false, wasEmpty: existsSync(directory) }
  }
  const state = readState(directory)
  if (state === null) {
    throw new UsageError(`${directory} exists and was not made by create-base-image.`, [
      'Name another folder: create-base-image my-folder',
    ])
  }
  checkLock(directory)
  const different = differences(state.answers, answers)
  if (different.length === 0)
    return { directory, kind: 'resumed', state, made: false, wasEmpty: false }
  if (force)
    return {
      directory,
      kind: 'replaced',
      state: { ...fresh, written: state.written },
      made: false,
      wasEmpty: false,
    }
  throw new UsageError(`${directory} was made from other answers: ${different.join('; ')}.`, [
    'Give the same answers to go on with it, name another folder, or replace it with --force.',
  ])
}

/** Puts a folder full of files in place of one that does not exist or is empty. */
export const moveIntoPlace = async (project: Project, temporary: string): Promise<void> => {
  await rmdir(project.directory).catch(() => undefined)
  await rename(temporary, project.directory)
  project.made = true
}

/** The name of a new project folder while its files are written. */
export const temporarySibling = (directory: string, runId: string): string =>
  join(dirname(directory), `.${basename(directory)}.create-base-image-${runId}`)

/** Saves what is known; a reader sees the old state or the new one, never half of it. */
export const saveState = async (project: Project, change: Partial<ProjectState>): Promise<void> => {
  project.state = { ...project.state, ...change }
  const folder = join(project.directory, OURS)
  await makeFolders(folder)
  await writeWhole(join(folder, 'state.json'), `${JSON.stringify(project.state, null, 2)}\n`)
}

/** Keeps other runs out of the folder until `unlock`. */
export const lock = async (project: Project, runId: string): Promise<void> => {
  const folder = join(project.directory, OURS)
  await makeFolders(folder)
  await writeWhole(join(folder, '.gitignore'), '*\n')
  writeFileSync(join(folder, 'lock'), runId)
}

export const unlock = (project: Project): void =>
  rmSync(join(project.directory, OURS, 'lock'), { force: true })

/** Removes the temporary folders that dead runs left in `parent`. Gives their number. */
export const sweepFolders = async (parent: string): Promise<number> => {
  const names = existsSync(parent) ? readdirSync(parent) : []
  const dead = names.filter(name => runState(TEMPORARY.exec(name)?.[1] ?? '') === 'dead')
  await Promise.all(dead.map(name => rm(join(parent, name), { recursive: true, force: true })))
  return dead.length
}

const TEMPORARY = /^\..+\.create-base-image-(.+)$/

const checkPlace = (directory: string): void => {
  if (kindOf(directory) === 'file') {
    throw new UsageError(`${directory} is a file, and the project needs a folder.`, [
      'Name another folder.',
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
      'Name a folder that you may write: create-base-image ~/my-folder',
    ])
  }
}

/** What stands at a path, links followed; also when a part above it is a file. */
const kindOf = (path: string): 'file' | 'folder' | 'nothing' => {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file'
  } catch {
    return 'nothing'
  }
}

const isEmptyOrAbsent = (directory: string): boolean => {
  try {
    return readdirSync(directory).length === 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw new UsageError(`${directory} can't be read (${(error as NodeJS.ErrnoException).code}).`, [
      'Name another folder.',
    ])
  }
}

const readState = (directory: string): ProjectState | null => {
  try {
    const state = JSON.parse(
      readFileSync(join(directory, OURS, 'state.json'), 'utf8'),
    ) as ProjectState
    return state.version === 1 && typeof state.answers === 'object' ? state : null
  } catch {
    return null
  }
}

const checkLock = (directory: string): void => {
  const path = join(directory, OURS, 'lock')
  const holder = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (runState(holder) !== 'alive' || holder.split('-')[1] === String(process.pid)) return
  throw new UsageError(
    `Another run of create-base-image works in ${directory} (process ${holder.split('-')[1]}).`,
    ['Wait until it has ended, or name another folder.'],
  )
}

const differences = (was: ProjectState['answers'], is: ProjectState['answers']): string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter(name => was[name] !== is[name])
    .map(name => `${name} was ${was[name] ?? 'not given'} and is now ${is[name] ?? 'not given'}`)
