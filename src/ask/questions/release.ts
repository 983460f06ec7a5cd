import { findRelease, similarReleases } from '../../catalog/releases.ts'
import type { Release } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { today } from '../today.ts'

export const release: Question<Release> = {
  name: 'release',
  group: 'image',
  value: '<name|version>',
  says: 'Its release; the command releases lists them',
  standard: 'the newest with long-term support',
  prompt: {
    label: 'Release',
    message: 'Which release?',
    hint: 'Type a part of its name or version to find it.',
  },
  parse: text => {
    const found = findRelease(text, today())
    if (found !== null) return found
    const near = similarReleases(text)
    throw new UsageError(`--release does not know "${text}".`, [
      ...(near.length === 0 ? [] : [`Did you mean ${near.slice(0, 3).join(' or ')}?`]),
      'See all of them: create-base-image releases',
    ])
  },
}
