import { distributions, findDistribution } from '../../catalog/distributions.ts'
import { STANDARD_DISTRO } from '../../catalog/releases.ts'
import { UsageError } from '../../errors.ts'
import { nearest } from '../../text/nearest.ts'
import type { Question } from '../question.ts'

export const distro: Question<string> = {
  name: 'distro',
  group: 'image',
  value: '<name>',
  says: 'The distribution of a full image; the command releases lists them',
  standard: STANDARD_DISTRO,
  choices: () =>
    distributions().map(({ name, title, says }) => ({ value: name, label: title, says })),
  prompt: { label: 'System', message: 'Which distribution?' },
  parse: text => {
    const name = text.trim().toLowerCase()
    if (findDistribution(name) !== undefined) return name
    const names = distributions().map(one => one.name)
    const near = nearest(name, names)
    throw new UsageError(`--distro does not know "${text}".`, [
      ...(near === null ? [] : [`Did you mean ${near}?`]),
      `It takes one of: ${names.join(', ')}.`,
    ])
  },
}
