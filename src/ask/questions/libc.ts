import type { MinimalAnswers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const libc: Question<MinimalAnswers['libc']> = {
  ...flagOf('libc'),
  choices: [
    {
      value: 'glibc',
      says: 'Most distributions use it; a static hello takes about 760 kB.',
    },
    { value: 'musl', says: 'Made for static programs; a static hello takes about 10 kB.' },
  ],
  prompt: {
    label: 'C library',
    message: 'Which C library goes into it?',
    hint: 'A scratch image has no libraries to lend, so the C library is copied into the program. That is what static means.',
  },
  parse: text => oneOf('libc', ['glibc', 'musl'], text),
}
