import { resolve } from 'node:path'
import { statSync } from 'node:fs'
import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'

export const keyring: Question<string> = {
  name: 'keyring',
  group: 'how',
  value: '<file>',
  says: "Keys that replace the distribution's, for a mirror of your own",
  standard: 'none',
  prompt: { label: 'Keyring', message: 'Which file has the keys?' },
  parse: (text, base) => {
    const path = resolve(base, text)
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return path
    throw new UsageError(`--keyring: there is no file ${text}.`, [
      'Give a file of OpenPGP public keys, as in /usr/share/keyrings.',
    ])
  },
}
