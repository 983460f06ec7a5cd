import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

/** Ubuntu 20.04 because Docker's own lesson compiles in it. */
export const builder: Question<string> = {
  ...flagOf('builder'),
  prompt: {
    label: 'Builder',
    message: 'Which image is it made in?',
    hint: 'One with apt in it, or with the package manager of your distribution. It only lends its tools: none of it goes into your image.',
  },
  parse: text => {
    if (/^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/.test(text)) return text
    throw new UsageError(`--builder "${text}" is not an image reference.`, [
      'Write it as name:tag, such as ubuntu:22.04.',
    ])
  },
}
