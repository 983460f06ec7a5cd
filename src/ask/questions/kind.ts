import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const kind: Question<'minimal' | 'full'> = {
  ...flagOf('kind'),
  choices: [
    {
      value: 'minimal',
      label: 'Minimal',
      says: 'A static program, all its code in its own file; little to attack.',
    },
    {
      value: 'full',
      label: 'Full',
      says: 'A distribution such as Ubuntu, with shell and packages, made by you.',
    },
  ],
  prompt: {
    label: 'Kind',
    message: 'What kind of base image?',
    hint: 'An image usually grows on a parent image, named by FROM in its Dockerfile. A base image has no parent: it begins empty, FROM scratch or by an import.',
  },
  parse: text => oneOf('kind', ['minimal', 'full'], text),
}
