import type { MinimalAnswers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const compileIn: Question<MinimalAnswers['compileIn']> = {
  ...flagOf('compile-in'),
  choices: [
    {
      value: 'auto',
      label: 'Wherever it works',
      says: 'On this machine if its compiler links statically, else in a container.',
    },
    {
      value: 'host',
      label: 'On this machine',
      says: 'With the compiler that is here: fast, and nothing is downloaded.',
    },
    {
      value: 'container',
      label: 'In a container',
      says: 'Works the same everywhere; on Mac and Windows, whose compilers make no Linux programs, it is the only way. Downloads an image and a compiler once.',
    },
  ],
  prompt: {
    label: 'Compiled',
    message: 'Where is it compiled?',
    hint: 'Only the program goes into the image, never the compiler.',
  },
  parse: text => oneOf('compile-in', ['auto', 'container', 'host'], text),
}
