import { resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import { withHome } from '../typed-path.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const output: Question<string> = {
  ...flagOf('output'),
  prompt: { label: 'Archive', message: 'Which file is the archive?' },
  parse: (text, base) => {
    const path = checkPath('output', text, base)
    if (!FOLDER.test(text)) return path
    throw new UsageError(`The output ${text} is a folder, and the archive is a file.`, [
      `Name the file too: --output ${text.replace(FOLDER, '')}/my-image.tar`,
    ])
  },
}

/** A path that can only be a folder's. */
const FOLDER = process.platform === 'win32' ? /[/\\]\.{0,2}$/ : /\/\.{0,2}$/

/** The project folder; the one question that is a positional, not a flag. */
export const directory: Question<string> = {
  ...flagOf('directory'),
  prompt: {
    label: 'Folder',
    message: 'Which folder for the project?',
    hint: 'For a Dockerfile, a README and everything that makes the image.',
  },
  parse: (text, base) => checkPath('directory', text, base),
}

const checkPath = (what: string, text: string, base: string): string => {
  if (text.trim() === '')
    throw new UsageError(`The ${what} is empty.`, ['Give a path, such as ./my-image.'])
  if (text.includes('\0')) throw new UsageError(`The ${what} has a NUL character in it.`)
  if (/[\n\r\u2028\u2029]/.test(text)) {
    // It would add lines wherever it is shown.
    throw new UsageError(`The ${what} has a line break in it.`, ['Give a path without one.'])
  }
  return resolve(base, withHome(text))
}
