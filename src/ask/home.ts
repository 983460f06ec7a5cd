import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Flags } from './flags.ts'
import { readAnswers } from './saved.ts'
import { withHome } from './typed-path.ts'

/** A project folder that was made by us. */
export interface Home {
  /** The folder as it was typed; `.` where the person is in it. */
  readonly folder: string
  /** The command line with the folder's own answers. */
  readonly flags: Flags
}

/**
 * Returns the project folder that a command line means when it says nothing of what the image is: the one that it
 * names, or else the one that the person is in. Null when neither was made by us. Throws UsageError when its answers
 * can't be read.
 */
export const homeOf = (flags: Flags, cwd: string): Home | null => {
  const { directory: folder = '.', ...others } = flags.questions
  if (Object.keys(others).length > 0 || flags.switches.answers !== undefined) return null
  const path = resolve(cwd, withHome(folder))
  const inside = (name: string): string => join(path, name)
  const isOurs = existsSync(inside('.create-base-image/state.json'))
  // One that came here by git has no state: its answers are known by what is next to them.
  if (!['answers.json', 'build.sh', 'build.ps1'].map(inside).every(name => existsSync(name)))
    return null
  try {
    const { texts } = readAnswers(inside('answers.json'))
    const moved: [string, string][] = Object.entries(texts).map(([name, text]) => [
      name,
      folder !== '.' && PATHS.has(name) && text.startsWith('./') ? inside(text) : text,
    ])
    const questions = { ...Object.fromEntries(moved), directory: folder }
    return { folder, flags: { ...flags, questions } }
  } catch (error) {
    if (isOurs || !(error instanceof UsageError)) throw error
    return null
  }
}

const PATHS = new Set(['program', 'keyring', 'locked', 'sources', 'recipe'])
