import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const include: Question<readonly string[]> = {
  ...flagOf('include'),
  prompt: {
    label: 'Besides',
    message: 'Any other packages?',
    hint: 'Names separated by commas: https needs ca-certificates, and tzdata has the time zones. Leave it empty for none.',
  },
  parse: text => {
    const names = text.split(/[\s,]+/).filter(Boolean)
    for (const name of names) checkName(name)
    return [...new Set(names)]
  },
}

/** The form of a package's name is that of Debian Policy 5.6.1. */
const checkName = (name: string): void => {
  if (/^[a-z0-9][a-z0-9+.-]+$/.test(name)) return
  throw new UsageError(`--include: "${name}" is not a package name.`, [
    'A name has lower-case letters, digits, "+", "-" and "."; several are separated by commas: curl,ca-certificates',
  ])
}
