import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { printable } from '../text/printable.ts'
import { ourCommand } from '../text/shell-words.ts'
import { usageOf } from '../ask/commands.ts'
import { today as dayOfToday } from '../ask/today.ts'
import { commandWords } from '../ask/words.ts'
import { distributionNamed, distributions, findDistribution } from '../catalog/distributions.ts'
import {
  DISTRO_FILE,
  distributionOf,
  OURS_ALONE,
  SCRIPT_NAMES,
  type DistroFile,
} from '../catalog/read-distribution.ts'
import { faultsOf } from '../catalog/recipe.ts'
import { unusedScripts } from '../catalog/recipe-scripts.ts'
import { nearDistribution, releaseWord, standardRelease } from '../catalog/releases.ts'
import type { Distribution, Release } from '../catalog/types.ts'
import { EXIT, UsageError } from '../errors.ts'
import { readAsset } from '../assets.ts'
import { unwritten } from '../run/crafts/unwritten.ts'
import { wrongSyntax } from './shell-syntax.ts'
import type { Io } from '../terminal/io.ts'

/**
 * Starts a recipe of a distribution of one's own, or judges one. Returns 0, or 1 for a recipe with faults.
 * Throws UsageError for other words, and for a folder that already exists.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const words = commandWords(argv, 'recipe')
  const [verb, folder = ''] = words.positionals
  if (verb === 'new' && folder !== '') return begin(folder, words.values, io)
  if (verb === 'check' && folder !== '' && words.values['like'] === undefined)
    return check(folder, io)
  throw new UsageError(`Usage: ${usageOf('recipe')}`)
}

const begin = async (
  named: string,
  values: Readonly<Record<string, string>>,
  { cwd, out }: Io,
): Promise<number> => {
  const folder = resolve(cwd, named)
  const name = basename(folder)
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new UsageError(`"${name}" can't be a distribution's name.`, [
      'It has lower-case letters, digits and hyphens: create-base-image recipe new my-distro',
    ])
  if (existsSync(folder))
    throw new UsageError(`${named} already exists.`, [
      `See what it lacks: ${ourCommand('recipe', 'check', named)}`,
    ])
  const { like } = values
  const model = like === undefined ? relativeOf(name) : modelOf(like)
  const start = model ?? distributionNamed('debian')
  writeRecipe(folder, recipeLike(start, name))
  await out.write(begun(named, start, like !== undefined, model === undefined))
  return EXIT.done
}

/** Returns the distribution that one of this name is made like: Fedora for `mageia`, Arch for `my-arch`; or undefined. */
const relativeOf = (name: string): Distribution | undefined =>
  distributions().find(({ relatives }) =>
    relatives.some(one => name.replace(/^linux-/, '').startsWith(one)),
  ) ?? distributions().find(one => `-${name}-`.includes(`-${one.name}-`))

const modelOf = (name: string): Distribution => {
  const found = findDistribution(name)
  if (found !== undefined) return found
  const names = distributions().map(one => one.name)
  const near = nearDistribution(name)
  throw new UsageError(`--like does not accept "${name}".`, [
    near === null ? `It takes one of: ${names.join(', ')}.` : `Did you mean ${near}?`,
  ])
}

/** The model's own file under another name: of its releases only the usual one, as a sample. */
const recipeLike = (model: Distribution, name: string): string => {
  const text = readFileSync(join(model.folder, DISTRO_FILE), 'utf8')
  const file = JSON.parse(text) as DistroFile & Record<string, unknown>
  const today = dayOfToday()
  const { codename } = standardRelease(model.name, today)
  const { old: _, ...settings } = model.settings
  const rest = Object.fromEntries(Object.entries(file).filter(([key]) => !OWN.has(key)))
  const recipe = {
    ...rest,
    name,
    title: name,
    says: `Like ${model.title}: say here who takes it.`,
    [model.family]: settings,
    variants: file.variants.filter(variant => variant.name !== OURS_ALONE),
    words: Object.fromEntries(
      Object.entries(file.words ?? {}).filter(
        ([, means]) => typeof means === 'string' || means.release === codename,
      ),
    ),
    releases: {
      source: 'yourself',
      day: today,
      list: file.releases.list.filter(release => release.codename === codename),
    },
  }
  return `${JSON.stringify(recipe, null, 2)}\n`
}

/** What is true of the model alone. */
const OWN: ReadonlySet<string> = new Set([
  'order',
  'packageList',
  'officialImage',
  'relatives',
  'officialWhen',
  'downloads',
  'sizes',
  'notes',
  'older',
])

const writeRecipe = (folder: string, text: string): void => {
  try {
    mkdirSync(folder)
  } catch (error) {
    throw unwritten(folder, error)
  }
  try {
    writeFileSync(join(folder, DISTRO_FILE), text)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw unwritten(folder, error)
  }
}

const begun = (
  folder: string,
  model: Distribution,
  wasNamed: boolean,
  isGuess: boolean,
): string => `Made ${folder}/${DISTRO_FILE}, like ${model.title}'s.
${wasNamed ? '' : `${isGuess ? 'What it is like is not known here. ' : ''}With --like it begins like another: ${otherNames(model)}.\n`}
Change in it what differs: names, releases, addresses, packages. A bootstrap.sh, pack.sh or verify.sh beside it
replaces the family's own. Then:

  ${ourCommand('recipe', 'check', folder)}
  ${ourCommand('--recipe', folder, '--plan')}
`

const otherNames = (model: Distribution): string =>
  distributions()
    .filter(one => one.name !== model.name)
    .map(one => one.name)
    .join(', ')

const check = async (named: string, { cwd, env, out }: Io): Promise<number> => {
  const folder = resolve(cwd, named)
  if (!existsSync(folder))
    throw new UsageError(`There is no folder ${named}.`, [
      `Start a recipe: ${ourCommand('recipe', 'new', named)}`,
    ])
  const wrong = faultsOf(folder)
  const faults = wrong.length > 0 ? wrong : await wrongInShells(folder, env)
  await out.write(faults.length === 0 ? sound(folder, named) : faulty(named, faults))
  return faults.length === 0 ? EXIT.done : EXIT.failed
}

/** Apart from the other faults: a run is not to wait for other programs before its first question. */
const wrongInShells = async (folder: string, env: NodeJS.ProcessEnv): Promise<string[]> => {
  const names = SCRIPT_NAMES.filter(name => existsSync(join(folder, name)))
  const faults = await Promise.all(
    names.map(name => wrongSyntax(readAsset(join(folder, name)), env)),
  )
  return names.flatMap((name, i) =>
    faults[i] === null ? [] : [`no shell can read ${name}: ${faults[i]}`],
  )
}

const sound = (folder: string, named: string): string => {
  const file = JSON.parse(readFileSync(join(folder, DISTRO_FILE), 'utf8')) as DistroFile
  const one = distributionOf(file, folder, true)
  const scripts = one.scripts.length === 0 ? '' : `, with its own ${one.scripts.join(', ')}`
  const releases = one.releases.map(releaseWord).join(', ')
  return `${named} is valid: ${one.title}, of the family ${one.family}${scripts}.
${one.releases.length === 1 ? 'Its release' : 'Its releases'}: ${releases}.
${stillLike(one)}${unusedScripts(folder)
    .map(line => `${line}\n`)
    .join('')}
To prove it, make an image:

  ${ourCommand('--recipe', named, '--yes')}
`
}

/** What a recipe still has in common with a distribution that ships, a line each: an unchanged copy is valid too. */
const stillLike = (one: Distribution): string =>
  distributions()
    .filter(({ family, folder }) => family === one.family && folder !== one.folder)
    .map(other => ({ title: other.title, same: sameAs(other, one) }))
    .filter(({ same }) => same.length > 0)
    .map(
      ({ title, same }) =>
        `Still as in ${title}: ${same.join(', ')}. Change it where yours differs.\n`,
    )
    .join('')

/** An archive of one's own has an origin of its own: by another's the builder's mirrors would be taken for it. */
const sameAs = (other: Distribution, one: Distribution): string[] => {
  const text = ({ settings }: Distribution): string =>
    JSON.stringify({ ...settings, old: undefined })
  const isWhole = text(other) === text(one)
  return [
    ...(other.builder.image === one.builder.image ? ['builder'] : []),
    ...(isWhole ? [one.family] : []),
    ...(!isWhole && one.family === 'deb' && other.settings['origin'] === one.settings['origin']
      ? ['deb.origin']
      : []),
    ...(hasPackagesOf(other, one) ? ['variants'] : []),
    ...(one.releases.every(release => isAmong(release, other)) ? ['releases'] : []),
  ]
}

const hasPackagesOf = (other: Distribution, one: Distribution): boolean =>
  one.variants.some(({ packages }) =>
    other.variants.some(
      theirs => packages.length > 0 && packages.join(' ') === theirs.packages.join(' '),
    ),
  )

const isAmong = (release: Release, { releases }: Distribution): boolean =>
  releases.some(
    ({ codename, released }) => codename === release.codename && released === release.released,
  )

const faulty = (named: string, faults: readonly string[]): string =>
  `${named} can't be used yet:\n${faults.map(fault => `  ${printable(fault)}\n`).join('')}`
