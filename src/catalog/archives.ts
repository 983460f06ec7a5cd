import type { Release } from './types.ts'

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

/**
 * The distribution's own archives for a release and an architecture (Go's name).
 * Sources: debootstrap's scripts (ports), the packages debian-archive-keyring and ubuntu-keyring (keys).
 */
export const archivesOf = (release: Release, arch: string): Archives =>
  release.distro === 'ubuntu' ? ubuntuArchives(release, arch) : debianArchives(release)

/** What apt in the image fetches from: the release itself, its updates, its security updates. */
export const sourcesOf = (
  release: Release,
  arch: string,
  components = release.distro === 'ubuntu' ? 'main universe' : 'main',
): Source[] => {
  const { archive, security } = archivesOf(release, arch)
  const { codename } = release
  const updates = hasUpdates(release) ? [{ url: archive, suite: `${codename}-updates` }] : []
  const suite = securitySuite(release)
  return [
    { url: archive, suite: codename },
    ...updates,
    ...(suite === null ? [] : [{ url: security, suite }]),
  ].map(source => ({ ...source, components }))
}

/** Debian's and Ubuntu's name for an architecture that Go names; armv7 for `arm`. Others stay as they are. */
export const debianArch = (arch: string): string => DEBIAN_NAMES.get(arch) ?? arch

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
const DROPPED = '2026'

const isDropped = ({ supportedUntil, longTermUntil }: Release): boolean =>
  (longTermUntil ?? supportedUntil ?? DROPPED) < DROPPED

const ubuntuArchives = (release: Release, arch: string): Archives => {
  const keyring = '/usr/share/keyrings/ubuntu-archive-keyring.gpg'
  const moved = 'http://old-releases.ubuntu.com/ubuntu'
  const ports = 'http://ports.ubuntu.com/ubuntu-ports'
  if (isDropped(release)) return { archive: moved, moved, security: moved, keyring }
  if (!['amd64', '386'].includes(arch)) return { archive: ports, moved, security: ports, keyring }
  const archive = 'http://archive.ubuntu.com/ubuntu'
  return { archive, moved, security: 'http://security.ubuntu.com/ubuntu', keyring }
}

const debianArchives = (release: Release): Archives => {
  const moved = 'http://archive.debian.org/debian'
  // Debian takes the keys of old releases out of the keyring that apt trusts.
  if (isDropped(release))
    return {
      archive: moved,
      moved,
      security: `${moved}-security`,
      keyring: debianKeys('removed-keys'),
    }
  return {
    archive: 'http://ftp.debian.org/debian',
    moved,
    security: 'http://security.debian.org/debian-security',
    keyring: debianKeys('keyring'),
  }
}

const debianKeys = (name: string): string => `/usr/share/keyrings/debian-archive-${name}.gpg`

/** Debian's archive of old releases has none before buster's. */
const hasUpdates = ({ distro, version }: Release): boolean =>
  distro === 'ubuntu' || (version !== null && Number(version) >= 10)

const securitySuite = ({ distro, codename, version }: Release): string | null => {
  if (version === null) return null
  return distro === 'debian' && Number(version) < 11
    ? `${codename}/updates`
    : `${codename}-security`
}
