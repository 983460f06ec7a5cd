import { distributionNamed } from '../../catalog/distributions.ts'
import { goneFrom } from '../../catalog/older.ts'
import {
  distributionIn,
  findRelease,
  goneOf,
  nearestRelease,
  releaseWord,
  similarReleases,
  withoutDistribution,
} from '../../catalog/releases.ts'
import type { Distribution, Release } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import { ourCommand } from '../../text/shell-words.ts'
import { lacking } from '../lacks.ts'
import type { Question } from '../question.ts'
import { today } from '../today.ts'
import { flagOf } from '../question-flags.ts'

/**
 * Returns the release that a text names among those of one distribution. Throws UsageError when it is another
 * distribution's, or nobody's.
 */
export const releaseOfDistro = (text: string, distro: string): Release => {
  const found = findRelease(text, today(), distro)
  if (found !== null) return found
  const other = findRelease(text, today())
  const one = distributionNamed(distro)
  // 3.9 is not a word for another's 3, nor is any number where there is a recipe.
  const isNumber = /^\d/.test(text)
  if (other !== null && (!isNumber || (other.version === text && !one.isRecipe)))
    throw ofAnother(text, other, one)
  throw noRelease(text, distro)
}

const ofAnother = (text: string, other: Release, one: Distribution): UsageError =>
  one.isRecipe
    ? new UsageError(`--release ${text} is ${other.distro}, and --recipe is for ${one.name}.`, [
        `Name one of the recipe's releases: ${listOf(one)}`,
        'Or leave --recipe out.',
      ])
    : new UsageError(`--release ${text} is ${other.distro}, not ${one.name}.`, [
        'Leave --distro out, or name another release: create-base-image releases',
      ])

const noRelease = (text: string, distro: string): UsageError => {
  const one = distributionNamed(distro)
  const gone = goneFrom(one, withoutDistribution(text))
  const near =
    one.releases.find(({ codename }) => codename === gone?.nearest) ??
    nearestRelease(text, today(), distro)
  const nearest = near === null ? null : releaseWord(near)
  const all = one.isRecipe ? `The recipe has: ${listOf(one)}` : SEE_ALL
  if (gone !== null)
    return new UsageError(`--release ${text} can't be made. ${gone.why}`, [
      ...(nearest === null ? [] : [`The nearest that can: ${nearest}.`]),
      all,
    ])
  return lacking({ flag: '--release', title: one.title, what: `release "${text}"`, nearest, all })
}

/** The releases of a recipe, which no list of ours has. */
const listOf = (one: Distribution): string => {
  const words = one.releases.map(releaseWord)
  if (words.length <= MOST_LISTED) return `${words.join(', ')}.`
  const command = ourCommand('recipe', 'check', one.folder)
  return `${words.slice(0, MOST_LISTED).join(', ')}, …; all of them: ${command}`
}

/** Releases in a line of advice. */
const MOST_LISTED = 6

const SEE_ALL = 'See all of them: create-base-image releases'

export const release: Question<Release> = {
  ...flagOf('release'),
  prompt: {
    label: 'Release',
    message: 'Which release?',
  },
  parse: text => {
    const found = findRelease(text, today())
    if (found !== null) return found
    const named = distributionIn(text) ?? goneOf(text)
    if (named !== undefined) throw noRelease(text, named.name)
    const near = similarReleases(text)
      .map(name => findRelease(name, today()))
      .filter(one => one !== null)
      .map(releaseWord)
    throw new UsageError(`--release does not accept "${text}".`, [
      ...(near.length === 0
        ? []
        : [`Did you mean ${[...new Set(near)].slice(0, 3).join(' or ')}?`]),
      SEE_ALL,
    ])
  },
}
