import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../../run/project/files.ts'
import type { Exercise } from './types.ts'

/** How far somebody is with one exercise. */
export interface ExerciseState {
  readonly passed: boolean
  /** How many hints were shown. */
  readonly hints: number
}

/** How far somebody is with all of them, by name. */
export type Progress = Readonly<Record<string, ExerciseState>>

/** The file that keeps the progress: plain text, a line for each exercise. */
const PROGRESS_FILE = 'progress.txt'

const NOTHING: ExerciseState = { passed: false, hints: 0 }

/** Returns the state of an exercise. */
export const stateOf = (progress: Progress, { name }: Exercise): ExerciseState =>
  progress[name] ?? NOTHING

/** Returns the exercise that somebody is at: the first that is not passed, or null when all are. */
export const currentOf = (exercises: readonly Exercise[], progress: Progress): Exercise | null =>
  exercises.find(exercise => !stateOf(progress, exercise).passed) ?? null

/** Returns the folder of the exercises that belongs to `cwd`: itself when it has a progress file, else `exercises` in it. */
export const exercisesFolder = (cwd: string): string =>
  existsSync(join(cwd, PROGRESS_FILE)) ? cwd : aboveOrBelow(cwd)

/** Somebody may be in the folder of one exercise. */
const aboveOrBelow = (cwd: string): string =>
  existsSync(join(cwd, '..', PROGRESS_FILE)) ? join(cwd, '..') : join(cwd, 'exercises')

/** Returns the progress kept in a folder; null when nothing was begun there. Lines that are not understood are left out. */
export const readProgress = (folder: string): Progress | null => {
  const path = join(folder, PROGRESS_FILE)
  if (!existsSync(path)) return null
  const states = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap(line => {
      const found = /^\s*(?<mark>passed|open)\s+(?<name>[\w-]+)(?:\s+hints\s+(?<hints>\d+))?/.exec(
        line,
      )
      if (found?.groups === undefined) return []
      const { mark, name = '', hints = '0' } = found.groups
      return [[name, { passed: mark === 'passed', hints: Number(hints) }] as const]
    })
  return Object.fromEntries(states)
}

/** Writes the progress: whole or not at all. */
export const writeProgress = (
  folder: string,
  exercises: readonly Exercise[],
  progress: Progress,
): Promise<void> => {
  const lines = exercises.map(exercise => {
    const { passed, hints } = stateOf(progress, exercise)
    return `${passed ? 'passed' : 'open  '} ${exercise.name}${hints > 0 ? ` hints ${hints}` : ''}\n`
  })
  return writeWhole(join(folder, PROGRESS_FILE), `${HEAD}${lines.join('')}`)
}

const HEAD =
  '# How far you are with the exercises of create-base-image. Go on: create-base-image check\n'
