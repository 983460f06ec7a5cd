import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import { FILES } from '../../plan/names.ts'
import { readText, UnfitFile } from '../../text/read-text.ts'
import { OURS } from './lock.ts'
import type { ProjectState } from './project.ts'

const MOST_BYTES = 4_000_000
const LONGEST_TEXT = 4096

/**
 * Returns what a project folder's state.json says; null when there is none. Somebody else may have written it: it is
 * read as a regular file of bounded size, and checked against what we write. Throws UsageError with a way out when it
 * is anything else, or when one of our own folders in the project folder is a link.
 */
export const readState = (directory: string): ProjectState | null => {
  refuseLinked(directory)
  const path = join(directory, OURS, 'state.json')
  const text = textOf(path, directory)
  if (text === null) return null
  const state = parsed(text)
  const fault = faultOf(state)
  if (fault !== null) throw unusable(path, directory, fault)
  return state as ProjectState
}

const textOf = (path: string, directory: string): string | null => {
  try {
    return readText(path, { most: MOST_BYTES })
  } catch (error) {
    if (error instanceof UnfitFile) throw unusable(path, directory, `it ${error.why}`)
    throw unusable(path, directory, `it can't be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

const refuseLinked = (directory: string): void => {
  for (const name of [OURS, FILES]) {
    const path = join(directory, name)
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue
    throw new UsageError(
      `${path} is a link, and what it leads to is no part of the project folder.`,
      ['Remove the link, or name another folder.'],
    )
  }
}

const unusable = (path: string, directory: string, fault: string): UsageError =>
  new UsageError(`${path} can't be used: ${fault}.`, [
    'Name another folder, or start over: keep what is yours of this one elsewhere, and remove it.',
    `It says what was made in ${directory}; create-base-image writes it, and nobody else should.`,
  ])

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Returns why a value is not a state that we write, as a clause; null when it is one. */
export const faultOf = (state: unknown): string | null => {
  if (state === undefined) return 'it is not JSON'
  if (!isTable(state)) return 'it is not JSON object'
  if (state['version'] !== 1) return 'it is of a version that is not known here'
  if (typeof state['finished'] !== 'boolean') return notOurs('finished')
  if (!isTable(state['answers']) || !Object.values(state['answers']).every(isAnswer)) {
    return notOurs('answers')
  }
  if (!isDigests(state['written'])) return notOurs('written')
  if (state['archives'] !== undefined && !isTexts(state['archives'])) return notOurs('archives')
  if (state['issue'] !== undefined && !isText(state['issue'])) return notOurs('issue')
  const { steps } = state
  return isTable(steps) && Object.values(steps).every(isRecord) ? null : notOurs('steps')
}

const notOurs = (part: string): string => `its "${part}" is not what create-base-image writes`

type Table = Readonly<Record<string, unknown>>

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST_TEXT

const isAnswer = (value: unknown): boolean => typeof value === 'number' || isText(value)

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isTable(value) && Object.values(value).every(isText)

/** By paths that stay in the folder: what they name is read and hashed. */
const isDigests = (value: unknown): boolean => isTexts(value) && Object.keys(value).every(isInside)

const isInside = (path: string): boolean =>
  path.length <= LONGEST_TEXT &&
  !path.includes('\0') &&
  !/^[/\\]|^[a-zA-Z]:/.test(path) &&
  !path.split(/[/\\]/).includes('..')

const isRecord = (record: unknown): boolean =>
  isTable(record) &&
  isText(record['key']) &&
  isDigests(record['outputs']) &&
  (record['image'] === undefined || isImage(record['image']))

const isImage = (image: unknown): boolean =>
  isTable(image) &&
  isText(image['id']) &&
  isCount(image['bytes']) &&
  isCount(image['compressedBytes']) &&
  Array.isArray(image['sizes']) &&
  image['sizes'].every(isTable)

/** Null stands for an unknown size. */
const isCount = (value: unknown): boolean => value === null || typeof value === 'number'
