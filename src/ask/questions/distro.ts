import { distributions, findDistribution } from '../../catalog/distributions.ts'
import { nearDistribution } from '../../catalog/releases.ts'
import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const distro: Question<string> = {
  ...flagOf('distro'),
  choices: () =>
    distributions().map(({ name, title, says }) => ({ value: name, label: title, says })),
  prompt: { label: 'System', message: 'Which distribution?' },
  parse: text => {
    const name = text.trim().toLowerCase()
    if (findDistribution(name) !== undefined) return name
    const names = distributions().map(one => one.name)
    const near = nearDistribution(name)
    throw new UsageError(`--distro does not accept "${text}".`, [
      ...(near === null ? [] : [`Did you mean ${near}?`]),
      `It takes one of: ${names.join(', ')}.`,
    ])
  },
}
