import { UsageError } from '../../errors.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const slim: Question<boolean> = {
  ...flagOf('slim'),
  choices: [
    {
      value: 'no',
      label: 'Stay in',
      says: 'Documents, man pages and translations, as the packages bring them.',
    },
    {
      value: 'yes',
      label: 'Left out',
      says: 'Now and at each later install. Licences stay.',
    },
  ],
  prompt: { label: 'Documents', message: 'Documents and man pages?' },
  parse: text => oneOf('slim', ['yes', 'no'], text) === 'yes',
}

/** Returns the error for `--slim` where documents are left out anyway. */
export const slimTwice = (): UsageError =>
  new UsageError('--slim leaves documents out, and a distroless image only has licences anyway.', [
    'Leave it out.',
  ])
