import { UsageError } from '../../errors.ts'
import type { Answers } from '../answers.ts'
import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'

export const engine: Question<Answers['engine']> = {
  name: 'engine',
  group: 'how',
  value: 'auto|docker|none',
  says: 'What takes the image; none makes an archive for `docker load`',
  standard: 'auto: Docker when it answers (DOCKER_HOST and contexts count), else none',
  choices: [
    { value: 'auto', label: 'Automatic', says: 'Docker when it answers, else an archive.' },
    { value: 'docker', label: 'Docker', says: 'Docker, and an error when it does not answer.' },
    {
      value: 'none',
      label: 'No engine',
      says: 'An archive file that docker load, podman load and skopeo take.',
    },
  ],
  prompt: { label: 'Engine', message: 'What takes the image?' },
  parse: text => {
    const chosen = oneOf('engine', ['auto', 'docker', 'podman', 'none'], text)
    if (chosen !== 'podman') return chosen
    throw new UsageError('--engine podman is not built yet.', [
      'Make an archive with --engine none; then: podman load --input FILE',
    ])
  },
}
