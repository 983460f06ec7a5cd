import { today as dayOfToday } from '../ask/today.ts'
import { commandWords } from '../ask/words.ts'
import {
  builderOf,
  catalogueSource,
  DISTROS,
  pickerOrder,
  standardRelease,
} from '../catalog/releases.ts'
import { supportOf } from '../catalog/support.ts'
import type { Distro, Release } from '../catalog/types.ts'
import { EXIT } from '../errors.ts'
import type { Io } from '../terminal/io.ts'

/** Lists the releases that a full image can be made of, and how each is supported today. Returns 0. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const usage = 'create-base-image releases [--json]'
  const { switches } = commandWords(argv, usage, { plain: ['json'], count: 0 })
  const today = dayOfToday()
  await io.out.write(switches.has('json') ? `${JSON.stringify(document(today))}\n` : text(today))
  return EXIT.done
}

/** Everything, in the order of the text. */
const document = (today: string) => ({
  version: 1,
  today,
  source: catalogueSource,
  releases: [...listed('main', today), ...listed('ended', today)].map(release => ({
    ...release,
    support: supportOf(release, today),
    standard: release === standardRelease(release.distro, today),
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
    'Make one, by code name or version:',
    `  create-base-image --kind full --release ${standardRelease('ubuntu', today).codename}`,
  ]
    .map(row => `${row}\n`)
    .join('')
}

const listed = (part: 'main' | 'ended', today: string): Release[] =>
  DISTROS.flatMap(distro => pickerOrder(distro, today)[part])

const line = (release: Release, today: string): string => {
  const { distro, codename, version, longTerm } = release
  const number = distro === 'ubuntu' && longTerm ? `${version} LTS` : (version ?? '')
  const cells = [NAMES[distro].padEnd(8), number.padEnd(11), codename.padEnd(10)]
  return `${cells.join('')}${supportOf(release, today).words}`
}

const NAMES: Readonly<Record<Distro, string>> = { ubuntu: 'Ubuntu', debian: 'Debian' }
