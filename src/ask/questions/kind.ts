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
    {
      value: 'minimal',
      label: 'Minimal',
      says: 'Your program alone: no shell, no packages, little to attack.',
    },
    {
      value: 'full',
      label: 'Full (comes later)',
      says: 'A distribution such as Ubuntu, with shell and packages, made by you.',
    },
  ],
  prompt: {
    label: 'Kind',
    message: 'What kind of base image?',
    hint: 'An image usually grows on a parent image, named by FROM in its Dockerfile. A base image has no parent: it begins FROM scratch, which is empty.',
  },
  parse: text => {
    if (oneOf('kind', ['minimal', 'full'], text) === 'minimal') return 'minimal'
    throw new UsageError('--kind full is not built yet.', [
      'This version makes minimal images: --kind minimal.',
    ])
  },
}
