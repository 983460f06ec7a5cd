import { DISTROS } from '../../catalog/releases.ts'
import type { Distro } from '../../catalog/types.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'

export const distro: Question<Distro> = {
  name: 'distro',
  group: 'image',
  value: DISTROS.join('|'),
  says: 'The distribution of a full image',
  standard: 'ubuntu',
  choices: [
    {
      value: 'ubuntu',
      label: 'Ubuntu',
      says: "The one in Docker's own lesson; a long-term release every two years.",
    },
    {
      value: 'debian',
      label: 'Debian',
      says: "Ubuntu's parent; most official images stand on it.",
    },
  ],
  prompt: { label: 'System', message: 'Which distribution?' },
  parse: text => oneOf('distro', DISTROS, text.toLowerCase()),
}
