import type { Distribution } from '../../catalog/types.ts'
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

/** Returns what is said of `--slim` for a distribution that has no documents in its images anyway. */
export const slimChangesNothing = ({
  title,
  family,
}: Pick<Distribution, 'title' | 'family'>): string =>
  `--slim changes nothing: ${title} ${family === 'apk' ? 'keeps documents in packages of their own' : 'has no documents to leave out'}.`
