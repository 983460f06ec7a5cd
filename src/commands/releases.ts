import { today as dayOfToday } from '../ask/today.ts'
import { commandWords } from '../ask/words.ts'
import { distributionNamed, distributions, findDistribution } from '../catalog/distributions.ts'
import {
  builderOf,
  pickerOrder,
  releaseWord,
  STANDARD_DISTRO,
  standardRelease,
} from '../catalog/releases.ts'
import { supportOf } from '../catalog/support.ts'
import type { Distribution, Release } from '../catalog/types.ts'
import { EXIT, UsageError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { nearest } from '../text/nearest.ts'

/**
 * Lists the releases that a full image can be made of, of all distributions or of those named, and how each is supported
 * today. Returns 0. Throws UsageError for a name that is no distribution's.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, switches } = commandWords(argv, 'releases')
  const some = positionals.length === 0 ? distributions() : positionals.map(asked)
  const today = dayOfToday()
  const shown = switches.has('json')
    ? `${JSON.stringify(document(some, today))}\n`
    : text(some, today)
  await io.out.write(shown)
  return EXIT.done
}

const asked = (name: string): Distribution => {
  const found = findDistribution(name.toLowerCase())
  if (found !== undefined) return found
  const names = distributions().map(one => one.name)
  const near = nearest(name, names)
  throw new UsageError(`There is no distribution "${name}".`, [
    near === null ? `There are: ${names.join(', ')}` : `Did you mean ${near}?`,
  ])
}

/** Everything, in the order of the text. */
const document = (some: readonly Distribution[], today: string) => ({
  version: 1,
  today,
  sources: some.map(({ name, source, day }) => ({ distro: name, source, day })),
  releases: [...listed(some, 'main', today), ...listed(some, 'ended', today)].map(release => ({
    ...release,
    support: supportOf(release, today),
    standard: release === standardRelease(release.distro, today),
    word: releaseWord(release),
    builder: builderOf(release, today),
  })),
})

const text = (some: readonly Distribution[], today: string): string => {
  const [main, ended] = (['main', 'ended'] as const).map(part =>
    listed(some, part, today).map(release => line(release, today)),
  )
  const { name } = some.find(one => one.name === STANDARD_DISTRO) ?? some[0]!
  return [
    ...main!,
    ...(ended!.length === 0 ? [] : ['', 'No free updates any more:', ...ended!]),
    '',
    'Make one, by code name, or by distribution and version (fedora:44):',
    `  create-base-image --kind full --release ${releaseWord(standardRelease(name, today))}`,
  ]
    .map(row => `${row}\n`)
    .join('')
}

const listed = (some: readonly Distribution[], part: 'main' | 'ended', today: string): Release[] =>
  some.flatMap(({ name }) => pickerOrder(name, today)[part])

const line = (release: Release, today: string): string => {
  const { distro, codename, version, longTerm } = release
  const { title, longTermLabel } = distributionNamed(distro)
  const number = [version ?? '', longTerm ? longTermLabel : null].filter(Boolean).join(' ')
  const name = codename === version ? '' : codename
  const cells = [title.padEnd(20), number.padEnd(11), name.padEnd(13)]
  return `${cells.join('')}${supportOf(release, today).words}`
}
