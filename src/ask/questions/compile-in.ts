import type { Answers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'

export const compileIn: Question<Answers['compileIn']> = {
  name: 'compile-in',
  group: 'how',
  value: 'auto|container|host',
  says: 'Where the C file is compiled',
  standard: 'auto: the host on Linux if its cc links statically, else a container',
  choices: [
    { value: 'auto', says: 'the host on Linux if its cc links statically, else a container' },
    {
      value: 'container',
      says: 'in a container: needs no compiler here, and works on every system',
    },
    { value: 'host', says: "with this machine's own compiler (Linux)" },
  ],
  parse: text => oneOf('compile-in', ['auto', 'container', 'host'], text),
}
