import { UsageError } from '../../errors.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'

export const kind: Question<'minimal'> = {
  name: 'kind',
  group: 'image',
  value: 'minimal|full',
  says: 'A program alone, or a distribution (full: not yet)',
  standard: 'minimal',
  choices: [
    { value: 'minimal', says: 'one program with nothing under it, FROM scratch' },
    { value: 'full', says: 'a distribution with its package manager' },
  ],
  parse: text => {
    if (oneOf('kind', ['minimal', 'full'], text) === 'minimal') return 'minimal'
    throw new UsageError('--kind full is not built yet.', [
      'This version makes minimal images: --kind minimal.',
    ])
  },
}
