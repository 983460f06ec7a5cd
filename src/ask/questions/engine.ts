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
    { value: 'auto', says: 'Docker when it answers, else an archive' },
    { value: 'docker', says: 'Docker, and an error when it does not answer' },
    { value: 'none', says: 'an archive that docker load, podman load and skopeo take' },
  ],
  parse: text => {
    const chosen = oneOf('engine', ['auto', 'docker', 'podman', 'none'], text)
    if (chosen !== 'podman') return chosen
    throw new UsageError('--engine podman is not built yet.', [
      'Make an archive with --engine none; then: podman load --input FILE',
    ])
  },
}
