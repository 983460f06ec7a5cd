import { distributionAt } from './older.ts'
import { fill } from './releases.ts'
import type { SettingsOf } from './settings.ts'
import type { Distribution, Release } from './types.ts'

/** Where the packages of a release are. Addresses have the folder `dists` in them. */
export interface Archives {
  readonly archive: string
  /** Where a release goes when its archive drops it; `archive` itself once it has gone there. */
  readonly moved: string
  /** Where its security updates are; the same as `archive` when they are beside the rest. */
  readonly security: string
  /** The file that has the keys of a release, in an image of builderOf. */
  readonly keyring: string
}

/** One source for apt: `deb URL SUITE COMPONENTS`. */
export interface Source {
  readonly url: string
  readonly suite: string
  /** With a space between: `main universe`. */
  readonly components: string
}

/** Returns the distribution's own archives for a release and an architecture (Go's name). */
export const archivesOf = (release: Release, arch: string): Archives => {
  const settings = debSettings(release)
  const { archive, security, keyring, others, old } = settings
  const moved = old?.archive ?? archive
  if (old !== undefined && movedTo(release, arch) !== null)
    return { archive: moved, moved, security: old.security, keyring: old.keyring }
  const place =
    others !== undefined && !others.archiveHas.includes(arch) ? others : { archive, security }
  return { archive: place.archive, moved, security: place.security, keyring }
}

/** Returns the archive of old releases that a release's packages for an architecture have moved to; null while they are where they were. */
export const movedTo = (release: Release, arch: string): string | null => {
  const { old } = distributionAt(release).settings as Pick<SettingsOf<'dnf'>, 'old'>
  if (old === undefined || !isDropped(release, old.endedBefore)) return null
  return old.archiveHas?.includes(arch) === false ? null : old.archive
}

/** Returns the settings of a release's distribution, which is one of the deb family. */
export const debSettings = (release: Pick<Release, 'distro' | 'version'>): SettingsOf<'deb'> =>
  distributionAt(release).settings as unknown as SettingsOf<'deb'>

/** True for the distributions whose archives' keys ship in assets/keys; a recipe brings its own archive. */
export const hasOurKeys = ({ name, isRecipe }: Pick<Distribution, 'name' | 'isRecipe'>): boolean =>
  !isRecipe && ['debian', 'ubuntu'].includes(name)

/** What apt in the image fetches from: the release itself, its updates, its security updates. */
export const sourcesOf = (
  release: Release,
  arch: string,
  components = debSettings(release).components,
): Source[] => {
  const { archive, security } = archivesOf(release, arch)
  const { codename } = release
  const updated = updatesSuite(release)
  const updates = updated === null ? [] : [{ url: archive, suite: updated }]
  const suite = securitySuiteOf(release)
  return [
    { url: archive, suite: codename },
    ...updates,
    ...(suite === null ? [] : [{ url: security, suite }]),
  ].map(source => ({ ...source, components }))
}

/** Returns what a release's archive has besides the release: `updates and security updates`; null for nothing. */
export const newerOf = (release: Release): string | null => {
  const kinds = [
    updatesSuite(release) === null ? null : 'updates',
    securitySuiteOf(release) === null ? null : 'security updates',
  ].filter(kind => kind !== null)
  return kinds.length === 0 ? null : kinds.join(' and ')
}

/** Debian's and Ubuntu's name for an architecture that Go names; armv7 for `arm`. Others stay as they are. */
export const debianArch = (arch: string): string => DEBIAN_NAMES.get(arch) ?? arch

/** Go's name for an architecture that Debian names. Others stay as they are. */
export const goArch = (debian: string): string =>
  [...DEBIAN_NAMES].find(([, name]) => name === debian)?.[0] ?? debian

const DEBIAN_NAMES: ReadonlyMap<string, string> = new Map([
  ['386', 'i386'],
  ['arm', 'armhf'],
  ['ppc64le', 'ppc64el'],
  ['mipsle', 'mipsel'],
  ['mips64le', 'mips64el'],
])

/**
 * By 2026-11-23 the main archives had dropped each release whose last support ended in 2025 or before (up to Ubuntu
 * 24.10, 14.04 and Debian 10), and still had each later one (from Ubuntu 25.04, 16.04 and Debian 11 on).
 */
const isDropped = ({ supportedUntil, longTermUntil }: Release, endedBefore: string): boolean =>
  (longTermUntil ?? supportedUntil ?? endedBefore) < endedBefore

/** Debian's archive of old releases has none before buster's. */
const updatesSuite = (release: Release): string | null => {
  const { updates } = debSettings(release)
  return updates === undefined || !isFrom(release, updates.from)
    ? null
    : fill(updates.suite, release)
}

const securitySuiteOf = (release: Release): string | null => {
  const { securitySuite } = debSettings(release)
  if (securitySuite === undefined || release.version === null) return null
  const { suite, from, before = suite } = securitySuite
  return fill(isFrom(release, from) ? suite : before, release)
}

const isFrom = ({ version }: Release, from: number | undefined): boolean =>
  from === undefined || (version !== null && Number(version) >= from)
