import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FamilyName } from './settings.ts'
import type { Distribution, FamilySettings, Gone, Older, Release, Variant } from './types.ts'

/** The file in a distribution's folder that says what it is. */
export const DISTRO_FILE = 'distro.json'

/** The variant of the deb family that this tool makes itself, of archives whose keys ship: no recipe has it. */
export const OURS_ALONE = 'distroless'

/** A distro.json as it stands in its file: src/catalog/schema.ts says what it may hold. */
export interface DistroFile {
  readonly name: string
  readonly title: string
  readonly says: string
  readonly libc?: string
  readonly officialWhen?: string
  readonly family: FamilyName
  readonly order?: number
  readonly packageList?: string
  readonly relatives?: readonly string[]
  readonly officialImage?: string
  readonly architectures?: readonly string[]
  readonly words?: Distribution['words']
  readonly longTermLabel?: string
  readonly longTermIsFree?: boolean
  readonly builder: {
    readonly image: string
    readonly oldest?: string
    readonly packages?: readonly string[]
  }
  readonly start: readonly string[]
  readonly variants: readonly {
    readonly name: string
    readonly label: string
    readonly says: string
    readonly packages?: readonly string[]
    readonly keyForm?: Distribution['keyForm']
    readonly measured?: NonNullable<Variant['measured']>
  }[]
  readonly proof: { readonly file: string; readonly line: string; readonly unreleased?: string }
  readonly keyForm?: Distribution['keyForm']
  readonly slims?: boolean
  readonly downloads?: Distribution['downloads']
  readonly sizes?: Distribution['sizes']
  readonly notes?: readonly string[]
  readonly older?: readonly Omit<Older, 'settings'>[]
  readonly releases: {
    readonly source: string
    readonly day: string
    readonly gone?: readonly Gone[]
    readonly list: readonly (Pick<Release, 'codename'> & Partial<Release>)[]
  }
}

/**
 * Returns the distribution that the distro.json of a folder describes. The file is taken as it is: what ships is
 * checked by the tests, and a recipe by `readRecipe`. Throws what reading and parsing throw.
 */
export const readDistribution = (folder: string): Distribution =>
  distributionOf(JSON.parse(readFileSync(join(folder, DISTRO_FILE), 'utf8')) as DistroFile, folder)

/** Returns the distribution of a checked file; what the file leaves out gets its default. */
export const distributionOf = (
  file: DistroFile,
  folder: string,
  isRecipe = false,
): Distribution => ({
  name: file.name,
  title: file.title,
  says: file.says,
  libc: file.libc ?? null,
  officialWhen: file.officialWhen ?? null,
  family: file.family,
  order: file.order ?? 1000,
  packageList: file.packageList ?? null,
  relatives: file.relatives ?? [],
  officialImage: file.officialImage ?? null,
  architectures: file.architectures ?? null,
  words: file.words ?? {},
  longTermLabel: file.longTermLabel ?? null,
  longTermIsFree: file.longTermIsFree ?? true,
  builder: { oldest: null, packages: [], ...file.builder },
  start: file.start,
  variants: file.variants
    .filter(({ name }) => !(isRecipe && file.family === 'deb' && name === OURS_ALONE))
    .map(variant => ({ packages: [], ...variant })),
  proof: { unreleased: null, ...file.proof },
  keyForm: file.keyForm ?? 'openpgp',
  slims: file.slims ?? true,
  downloads: file.downloads ?? null,
  sizes: file.sizes ?? null,
  notes: file.notes ?? [],
  settings: settingsOf(file, file.family),
  older: (file.older ?? []).map(row => ({ ...row, settings: settingsOf(row, file.family) })),
  gone: file.releases.gone ?? [],
  releases: file.releases.list.map(row => releaseOf(row, file.name)),
  source: file.releases.source,
  day: file.releases.day,
  folder,
  scripts: SCRIPT_NAMES.filter(name => existsSync(join(folder, name))),
  archDecidesArchive: settingsOf(file, file.family)['others'] !== undefined,
  isRecipe,
})

/** The scripts that a folder may bring in place of its family's. */
export const SCRIPT_NAMES = ['bootstrap.sh', 'pack.sh', 'verify.sh'] as const

/** They stand under the family's name. */
const settingsOf = (part: object, family: FamilyName): FamilySettings =>
  (part as Record<string, FamilySettings | undefined>)[family] ?? {}

/** Returns the version of a release as its row has it: a code name that is a number is one, too. Null for what rolls. */
export const versionOf = ({
  version,
  codename,
}: DistroFile['releases']['list'][number]): string | null =>
  version === undefined && isNumber(codename) ? codename : (version ?? null)

/** True for a code name that begins with a digit: `44`, `3.20`. */
export const isNumber = (codename: string): boolean => /^\d/.test(codename)

const releaseOf = (row: DistroFile['releases']['list'][number], distro: string): Release => ({
  distro,
  codename: row.codename,
  name: row.name ?? row.codename,
  version: versionOf(row),
  longTerm: row.longTerm ?? false,
  released: row.released ?? null,
  supportedUntil: row.supportedUntil ?? null,
  longTermUntil: row.longTermUntil ?? null,
  proof: row.proof ?? null,
})
