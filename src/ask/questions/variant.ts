import type { FullAnswers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'

export const variant: Question<FullAnswers['variant']> = {
  name: 'variant',
  group: 'image',
  value: 'minbase|standard|buildd',
  says: 'Which packages of the distribution go in',
  standard: 'minbase',
  choices: [
    {
      value: 'minbase',
      label: 'The least that apt works with',
      says: 'What official images hold too. You install the rest.',
    },
    {
      value: 'standard',
      label: "debootstrap's standard set",
      says: 'Init system, cron, network tools: 156 packages in Debian 12, not 88.',
    },
    {
      value: 'buildd',
      label: 'With build tools',
      says: 'The least, and what builds packages: compiler, make, dpkg-dev.',
    },
  ],
  prompt: { label: 'Packages', message: 'How many of its packages go in?' },
  parse: text => oneOf('variant', ['minbase', 'standard', 'buildd'], text),
}
