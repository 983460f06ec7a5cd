import { UsageError } from '../../errors.ts'
import type { FullAnswers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'

export const bootstrap: Question<FullAnswers['bootstrap']> = {
  name: 'bootstrap',
  group: 'how',
  value: 'auto|debootstrap|host',
  says: 'Where a root filesystem is made: in a container, or here with sudo',
  standard: 'auto: in a container, which needs no rights and works on every system',
  choices: [
    {
      value: 'debootstrap',
      label: 'In a container',
      says: 'Needs no rights on this machine, and works alike on every system.',
    },
    {
      value: 'host',
      label: 'On this machine, as root',
      says: "As Docker's page has it, with debootstrap and sudo.",
    },
  ],
  prompt: { label: 'Made', message: 'Where is it bootstrapped?' },
  parse: text => {
    if (text !== 'built-in') return oneOf('bootstrap', ['auto', 'debootstrap', 'host'], text)
    throw new UsageError('--bootstrap built-in is not built yet.', [
      'Leave it out: debootstrap in a container does the work.',
    ])
  },
}
