import type { Answers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'

export const libc: Question<Answers['libc']> = {
  name: 'libc',
  group: 'image',
  value: 'glibc|musl',
  says: 'The C library to link in; musl makes a far smaller program',
  standard: 'glibc',
  choices: [
    { value: 'glibc', says: 'the one most distributions use; a static hello takes about 800 kB' },
    { value: 'musl', says: 'made for static programs; a static hello takes about 10 kB' },
  ],
  parse: text => oneOf('libc', ['glibc', 'musl'], text),
}
