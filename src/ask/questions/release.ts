import { findRelease, similarReleases } from '../../catalog/releases.ts'
import type { Distro, Release } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { today } from '../today.ts'

/** Throws UsageError when the release is one of another distribution. */
export const checkDistro = ({ codename, distro }: Release, wanted: Distro): void => {
  if (distro === wanted) return
  throw new UsageError(`--release ${codename} is ${distro}, not ${wanted}.`, [
    'Leave --distro out, or name another release: create-base-image releases',
  ])
}

export const release: Question<Release> = {
  name: 'release',
  group: 'image',
  value: '<name|version>',
  says: 'Its release; the command releases lists them',
  standard: 'the newest with long-term support',
  prompt: {
    label: 'Release',
    message: 'Which release?',
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
