import { today as dayOfToday } from '../ask/today.ts'
import { commandWords } from '../ask/words.ts'
import { distributionNamed, distributions } from '../catalog/distributions.ts'
import {
  builderOf,
  pickerOrder,
  releaseWord,
  STANDARD_DISTRO,
  standardRelease,
} from '../catalog/releases.ts'
import { supportOf } from '../catalog/support.ts'
import type { Release } from '../catalog/types.ts'
import { EXIT } from '../errors.ts'
import type { Io } from '../terminal/io.ts'

/** Lists the releases that a full image can be made of, and how each is supported today. Returns 0. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { switches } = commandWords(argv, 'releases')
  const today = dayOfToday()
  await io.out.write(switches.has('json') ? `${JSON.stringify(document(today))}\n` : text(today))
  return EXIT.done
}

/** Everything, in the order of the text. */
const document = (today: string) => ({
  version: 1,
  today,
  sources: distributions().map(({ name, source, day }) => ({ distro: name, source, day })),
  releases: [...listed('main', today), ...listed('ended', today)].map(release => ({
    ...release,
    support: supportOf(release, today),
    standard: release === standardRelease(release.distro, today),
    word: releaseWord(release),
    builder: builderOf(release, today),
  })),
})

const text = (today: string): string => {
  const table = (part: 'main' | 'ended') => listed(part, today).map(release => line(release, today))
  return [
    ...table('main'),
    '',
    'No free updates any more:',
    ...table('ended'),
    '',
    'Make one, by code name, or by distribution and version (fedora:44):',
    `  create-base-image --kind full --release ${standardRelease(STANDARD_DISTRO, today).codename}`,
  ]
    .map(row => `${row}\n`)
    .join('')
}

const listed = (part: 'main' | 'ended', today: string): Release[] =>
  distributions().flatMap(({ name }) => pickerOrder(name, today)[part])

const line = (release: Release, today: string): string => {
  const { distro, codename, version, longTerm } = release
  const { title, longTermLabel } = distributionNamed(distro)
  const number = [version ?? '', longTerm ? longTermLabel : null].filter(Boolean).join(' ')
  const name = codename === version ? '' : codename
  const cells = [title.padEnd(20), number.padEnd(11), name.padEnd(13)]
  return `${cells.join('')}${supportOf(release, today).words}`
}
