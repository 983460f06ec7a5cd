import { accessSync, constants } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { readText } from '../text/read-text.ts'
import {
  DISTRO_FILE,
  distributionOf,
  OURS_ALONE,
  SCRIPT_NAMES,
  type DistroFile,
  versionOf,
} from './read-distribution.ts'
import { likeDistroFile, unusedScripts, wrongInScripts } from './recipe-scripts.ts'
import { isBefore } from './older.ts'
import { wrongInDistro } from './schema.ts'
import type { FamilyName } from './settings.ts'
import type { Distribution, Gone } from './types.ts'
import { nearest } from '../text/nearest.ts'
import { ourCommand } from '../text/shell-words.ts'
import { entryAt, isFolder, thereAt } from '../text/there.ts'

/** A distro.json is a few kilobytes; what is larger is something else. */
const MOST = 1024 * 1024

/**
 * Returns the distribution of a recipe folder, as a person named it, checked against the schema. Throws UsageError that
 * names every fault: no folder, no distro.json, a link that leads out of it, unknown or missing keys.
 */
export const readRecipe = (text: string, base: string): Distribution => {
  const folder = resolve(base, text)
  const faults = faultsOf(folder)
  if (faults.length > 0)
    throw new UsageError(`--recipe: ${text} can't be taken: ${faults[0]}.`, [
      ...faults.slice(1).map(fault => `Also: ${fault}.`),
      `Mend it, then: ${ourCommand('recipe', 'check', text)}`,
    ])
  const distribution = distributionOf(parsedOf(folder) as DistroFile, folder, true)
  return { ...distribution, notes: [...distribution.notes, ...unusedScripts(folder)] }
}

/** Returns what is wrong with a recipe folder, a line each; nothing when it can be taken. */
export const faultsOf = (folder: string): string[] => {
  if (!isFolder(folder))
    return [
      thereAt(folder) === undefined
        ? 'there is no such folder'
        : 'it is a file, and a recipe is a folder',
    ]
  const files = [DISTRO_FILE, ...SCRIPT_NAMES].map(name => faultOfFile(folder, name))
  const faults = files.filter(fault => fault !== null)
  return faults.length > 0 ? faults : [...wrongInFile(folder), ...wrongInScripts(folder)]
}

const wrongInFile = (folder: string): string[] => {
  try {
    const parsed = parsedOf(folder)
    const wrong = wrongInDistro(parsed)
    const all = wrong.length > 0 ? wrong : unusable(parsed as DistroFile)
    return all.map(fault => `${DISTRO_FILE}: ${fault}`)
  } catch (error) {
    return [`${DISTRO_FILE} is not JSON: ${(error as Error).message}`]
  }
}

/** What the schema can't see: names that nothing fills in, and variants that no tool knows. */
const unusable = (file: DistroFile): string[] => [
  ...new Set(
    [...JSON.stringify(file).matchAll(/\{([A-Za-z]+)\}/g)]
      .filter(([, name = '']) => !FILLED.includes(name))
      .map(([text]) => `${text} is not filled in; ${FILLED.map(one => `{${one}}`).join(', ')} are`),
  ),
  ...file.variants.flatMap(({ name, packages = [] }, i) => {
    const known = KNOWN_VARIANTS[file.family]
    if (known === undefined)
      return packages.length > 0 ? [] : [`variants[${i}].packages: names no package`]
    // What is copied from ours has that one, which is left out.
    return known.includes(name) || (name === OURS_ALONE && file.variants.length > 1)
      ? []
      : [`variants[${i}].name: must be ${known.join(', ')}, and is ${JSON.stringify(name)}`]
  }),
  ...twice(
    'variants',
    file.variants.map(({ name }) => name),
  ),
  ...twice('releases.list', codenamesOf(file)),
  ...(file.releases.gone ?? []).flatMap((row, i) => unusableGone(file, row, `releases.gone[${i}]`)),
  ...file.releases.list.flatMap((row, i) => outOfOrder(row, `releases.list[${i}]`)),
  ...(file.older ?? []).flatMap((row, i) => unusableOlder(file, row, `older[${i}]`)),
  ...Object.entries(file.words ?? {}).flatMap(([word, means]) => {
    if (typeof means === 'string' || codenamesOf(file).includes(means.release)) return []
    const near = nearest(means.release, codenamesOf(file))
    const advice = near === null ? '' : `; did you mean ${near}?`
    return [`words.${word}: no release has the codename ${JSON.stringify(means.release)}${advice}`]
  }),
]

const unusableGone = (
  file: DistroFile,
  { from, before, names = [], nearest }: Gone,
  place: string,
): string[] => [
  ...(from === undefined && before === undefined && names.length === 0
    ? [`${place}: must have "from", "before" or "names"`]
    : []),
  ...(nearest === undefined || codenamesOf(file).includes(nearest)
    ? []
    : [`${place}.nearest: no release has the codename ${JSON.stringify(nearest)}`]),
]

/** A release that ended before it began would be called ended for ever. */
const outOfOrder = (row: DistroFile['releases']['list'][number], place: string): string[] => {
  const days = [row.released, row.supportedUntil, row.longTermUntil].filter(day => !!day)
  return days.some((day, i) => i > 0 && day! < days[i - 1]!)
    ? [`${place}: "released", "supportedUntil" and "longTermUntil" must follow one another`]
    : []
}

/** A row that counts for nothing is a slip of the pen. */
const unusableOlder = (
  { releases, variants }: DistroFile,
  { before, packages = {} }: NonNullable<DistroFile['older']>[number],
  place: string,
): string[] => [
  ...(releases.list.some(row => isBefore(versionOf(row), before))
    ? []
    : [`${place}.before: no release in "releases.list" is older than ${before}`]),
  ...Object.keys(packages)
    .filter(name => !variants.some(variant => variant.packages?.includes(name)))
    .map(name => `${place}.packages: no variant has ${JSON.stringify(name)}`),
]

const codenamesOf = ({ releases }: DistroFile): string[] =>
  releases.list.map(({ codename }) => codename)

/** The second of one name would never be taken. */
const twice = (place: string, names: readonly string[]): string[] =>
  [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map(
    name => `${place}: ${JSON.stringify(name)} is there twice`,
  )

const FILLED: readonly string[] = ['version', 'codename', 'machine']

/** Variants that a family's tool knows by name; the others are what their packages say. */
const KNOWN_VARIANTS: { readonly [family in FamilyName]?: readonly string[] } = {
  deb: ['minbase', 'standard', 'buildd'],
  busybox: ['glibc', 'musl'],
}

const parsedOf = (folder: string): unknown =>
  JSON.parse((readText(join(folder, DISTRO_FILE), { most: MOST }) ?? '').replace(/^\uFEFF/, ''))

/** A link may lead to any file of the machine, which would then stand in the project folder. */
const faultOfFile = (folder: string, name: string): string | null => {
  const found = entryAt(join(folder, name))
  if (found === undefined) return name === DISTRO_FILE ? noDistroFile(folder) : null
  if (found.isSymbolicLink()) return `${name} is a link, and a recipe holds its own files`
  if (!found.isFile()) return `${name} is not a regular file`
  if (found.size > MOST) return `${name} is larger than 1 MB`
  try {
    accessSync(join(folder, name), constants.R_OK)
    return null
  } catch (error) {
    return `${name} can't be read (${(error as NodeJS.ErrnoException).code})`
  }
}

const noDistroFile = (folder: string): string => {
  const like = likeDistroFile(folder)
  return `it has no ${DISTRO_FILE}${like === null ? '' : `; is ${like} meant to be it?`}`
}
