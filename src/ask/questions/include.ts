import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'

export const include: Question<readonly string[]> = {
  name: 'include',
  group: 'image',
  value: '<package,…>',
  says: 'Packages besides those, by commas',
  standard: 'none',
  prompt: {
    label: 'Besides',
    message: 'Any packages besides those?',
    hint: 'Names with commas between them, such as curl,ca-certificates. Empty: none.',
  },
  parse: text => {
    if (text === '') return []
    const names = text.split(',').map(name => name.trim())
    for (const name of names) checkName(name)
    return [...new Set(names)]
  },
}

/** The form of a package's name is that of Debian Policy 5.6.1. */
const checkName = (name: string): void => {
  if (/^[a-z0-9][a-z0-9+.-]+$/.test(name)) return
  throw new UsageError(`--include: "${name}" is no name of a package.`, [
    'Write small letters, digits, "+", "-" and "."; several by commas: --include curl,ca-certificates',
  ])
}
