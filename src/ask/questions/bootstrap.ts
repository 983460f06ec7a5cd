import type { FullAnswers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const bootstrap: Question<FullAnswers['bootstrap']> = {
  ...flagOf('bootstrap'),
  choices: [
    {
      value: 'auto',
      label: 'Fast and current (made by us)',
      says: 'With the updates of today, and the same image each time.',
    },
    {
      value: 'debootstrap',
      label: "As on Docker's page (debootstrap, docker import)",
      says: 'Slower; you could type every command yourself.',
    },
  ],
  prompt: { label: 'Made', message: 'How is it made?' },
  parse: text => oneOf('bootstrap', ['auto', 'built-in', 'debootstrap', 'container', 'host'], text),
}
