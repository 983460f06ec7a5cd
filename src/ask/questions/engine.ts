import type { Answers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const engine: Question<Answers['engine']> = {
  ...flagOf('engine'),
  choices: [
    {
      value: 'auto',
      label: 'Automatic',
      says: 'Docker or Podman when it answers, else an archive.',
    },
    { value: 'docker', label: 'Docker', says: 'Docker, and an error when it does not answer.' },
    { value: 'podman', label: 'Podman', says: 'Podman, and an error when it does not work.' },
    {
      value: 'none',
      label: 'No engine',
      says: 'An archive file that docker load, podman load and skopeo take.',
    },
  ],
  prompt: { label: 'Engine', message: 'What takes the image?' },
  parse: text => oneOf('engine', ['auto', 'docker', 'podman', 'none'], text),
}
