import { commandWords } from '../ask/words.ts'
import { questions } from '../ask/questions/index.ts'
import { today as dayOfToday } from '../ask/today.ts'
import { compared, UNKNOWN } from '../catalog/compare.ts'
import { distributionNamed, distributions } from '../catalog/distributions.ts'
import { standardRelease } from '../catalog/releases.ts'
import { supportOf } from '../catalog/support.ts'
import type { Distribution } from '../catalog/types.ts'
import { EXIT } from '../errors.ts'
import { beside, textWidth, wrap } from '../text/wrap.ts'
import type { Io } from '../terminal/io.ts'
import { size } from '../text/units.ts'

/** Compares the distributions in a table, or describes one. Returns 0. Throws UsageError for a name that none has. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, switches } = commandWords(argv, 'distros')
  const [name] = positionals
  const today = dayOfToday()
  const one = name === undefined ? null : distributionNamed(questions.distro.parse(name, io.cwd))
  if (switches.has('json'))
    await io.out.write(
      `${JSON.stringify({
        version: 1,
        today,
        distributions: (one === null ? distributions() : [one]).map(each => document(each, today)),
      })}\n`,
    )
  else {
    const width = textWidth()
    const lines = one === null ? table(today, width) : told(one, today, width)
    await io.out.write(lines.map(line => `${line}\n`).join(''))
  }
  return EXIT.done
}

const document = (one: Distribution, today: string) => {
  const { name, title, says, libc, officialWhen, officialImage, family, architectures } = one
  const { updates } = compared(one, today)
  return {
    name,
    title,
    says,
    family,
    architectures,
    libc,
    sizes: one.sizes,
    packageList: one.packageList,
    officialImage,
    officialWhen,
    updates: updates === UNKNOWN ? null : updates,
    release: standardRelease(name, today).codename,
  }
}

const ADVICE =
  'An official image is better when others shall keep it up to date. Your own is better when you must know or choose what is in it.'

const table = (today: string, width: number): string[] => {
  const wide = width >= WIDE
  const row = (
    title: string,
    { size, libc, updates }: Record<'size' | 'libc' | 'updates', string>,
    image: string,
  ) =>
    (wide
      ? `${title.padEnd(21)}${size.padStart(7)}  ${libc.padEnd(11)}${updates.padEnd(14)}${image}`
      : `${title.padEnd(20)}${libc.padEnd(7)}${updates}`
    ).trimEnd()
  const head = { size: 'size', libc: wide ? 'C library' : 'libc', updates: 'free updates' }
  return [
    row('', head, 'official image'),
    ...distributions().map(one =>
      row(one.title, compared(one, today), one.officialImage ?? UNKNOWN),
    ),
    '',
    ...wrap(`${wide ? `${UNKNOWN} was not measured, or there is none. ` : ''}${ADVICE}`, width),
    ...wrap('More on one: create-base-image distros alpine', width),
  ]
}

/** From this width on there is room for every column. */
const WIDE = 70

const told = (one: Distribution, today: string, width: number): string[] => {
  const { name, title, says, officialWhen, sizes, architectures, variants, packageList } = one
  const { libc, updates } = compared(one, today)
  const release = standardRelease(name, today)
  const facts: readonly (readonly [string, string])[] = [
    ['Size', sizesOf(sizes)],
    ['C library', libc === UNKNOWN ? 'its recipe does not say' : libc],
    ['Updates', updates === UNKNOWN ? 'nobody said how long' : updates],
    ['Release', `${release.codename}, ${supportOf(release, today).words}`],
    ['Machines', architectures?.join(', ') ?? 'any that its archive has'],
    ...(packageList === null ? [] : [['Packages', packageList] as const]),
    ...variants.map(
      ({ name, says }, i) => [i === 0 ? 'Variants' : '', `${name}: ${says}`] as const,
    ),
  ]
  return [
    title,
    ...wrap(says, width),
    ...(officialWhen === null ? [] : wrap(officialWhen, width)),
    '',
    ...facts.flatMap(([label, text]) => beside(label, text, LABEL, width)),
    '',
    ...wrap(`create-base-image --kind full --distro ${name}`, width),
  ]
}

/** Columns. */
const LABEL = 11

const sizesOf = (sizes: Distribution['sizes']): string =>
  sizes === null
    ? 'not measured'
    : `${size(sizes.whole)}${sizes.slim === undefined ? '' : `, with --slim ${size(sizes.slim)}`}`
