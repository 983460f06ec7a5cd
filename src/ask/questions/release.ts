import { distributionNamed } from '../../catalog/distributions.ts'
import {
  distributionIn,
  findRelease,
  nearestRelease,
  releaseWord,
  similarReleases,
} from '../../catalog/releases.ts'
import type { Release } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import { lacking } from '../lacks.ts'
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
  // 3.9 is no word for another's 3.
  if (other !== null && (other.version === text || !/^\d/.test(text)))
    throw new UsageError(`--release ${text} is ${other.distro}, not ${distro}.`, [
      'Leave --distro out, or name another release: create-base-image releases',
    ])
  throw noRelease(text, distro)
}

const noRelease = (text: string, distro: string): UsageError => {
  const near = nearestRelease(text, today(), distro)
  return lacking({
    flag: '--release',
    title: distributionNamed(distro).title,
    what: `release "${text}"`,
    nearest: near === null ? null : releaseWord(near),
    all: SEE_ALL,
  })
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
    const named = distributionIn(text)
    if (named !== undefined) throw noRelease(text, named.name)
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
