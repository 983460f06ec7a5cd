import { distributionNamed } from '../../catalog/distributions.ts'
import { findRelease, releaseWord, similarReleases } from '../../catalog/releases.ts'
import type { Release } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import { nearest } from '../nearest.ts'
import type { Question } from '../question.ts'
import { today } from '../today.ts'

/**
 * Returns the release that a text names among those of one distribution. Throws UsageError when it is another
 * distribution's, or nobody's.
 */
export const releaseOfDistro = (text: string, distro: string): Release => {
  const found = findRelease(text, today(), distro)
  if (found !== null) return found
  const other = findRelease(text, today())
  if (other !== null)
    throw new UsageError(`--release ${text} is ${other.distro}, not ${distro}.`, [
      'Leave --distro out, or name another release: create-base-image releases',
    ])
  const { title, releases } = distributionNamed(distro)
  const names = releases.flatMap(one => [one.codename, one.version ?? one.codename])
  const near = nearest(text, names)
  throw new UsageError(`--release does not know "${text}" of ${title}.`, [
    ...(near === null ? [] : [`Did you mean ${near}?`]),
    SEE_ALL,
  ])
}

const SEE_ALL = 'See all of them: create-base-image releases'

export const release: Question<Release> = {
  name: 'release',
  group: 'image',
  value: '<name|version>',
  says: 'Its release: noble, 24.04, debian:12; the command releases lists them',
  standard: 'the newest with long-term support',
  prompt: {
    label: 'Release',
    message: 'Which release?',
  },
  parse: text => {
    const found = findRelease(text, today())
    if (found !== null) return found
    const near = similarReleases(text)
      .map(name => findRelease(name, today()))
      .filter(one => one !== null)
      .map(releaseWord)
    throw new UsageError(`--release does not know "${text}".`, [
      ...(near.length === 0
        ? []
        : [`Did you mean ${[...new Set(near)].slice(0, 3).join(' or ')}?`]),
      SEE_ALL,
    ])
  },
}
