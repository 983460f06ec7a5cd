import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AptSource, readSources } from './apt-lines.ts'

/** The archive that this machine gets its own distribution from. */
export interface MachineArchive {
  readonly distro: 'debian' | 'ubuntu'
  /** The base URL, without a slash at its end; user and password are kept. For this machine's architecture. */
  readonly archive: string
  /** The base URL of the security updates, or null when the sources name none. */
  readonly security: string | null
  /** True when one of the two holds a user name or a password. */
  readonly secret: boolean
}

/** A file by its path and its text. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/**
 * The archive that serves this machine's own distribution, from its os-release and apt's sources below `root`; null
 * when it is neither Debian nor Ubuntu, or no http(s) source is surely the distribution's. Files that can't be read
 * count as absent. Does not reject.
 */
export const machineArchive = async (
  root = '/',
  arch: string = DEBIAN_ARCH[process.arch] ?? process.arch,
): Promise<MachineArchive | null> => {
  const release =
    (await readText(join(root, 'etc/os-release'))) ||
    (await readText(join(root, 'usr/lib/os-release')))
  const folder = join(root, 'etc/apt/sources.list.d')
  const names = await readdir(folder).catch((): string[] => [])
  const paths = [
    join(root, 'etc/apt/sources.list'),
    ...names.sort().map(name => join(folder, name)),
  ]
  const files = await Promise.all(paths.map(async path => ({ path, text: await readText(path) })))
  return archiveFrom(release, files, arch)
}

/** The same from texts; `arch` is Debian's name of the machine's architecture. Pure. */
export const archiveFrom = (
  osRelease: string,
  files: readonly TextFile[],
  arch: string,
): MachineArchive | null => {
  const distro = valueOf(osRelease, 'ID')
  if (distro !== 'debian' && distro !== 'ubuntu') return null
  const codename = valueOf(osRelease, 'VERSION_CODENAME')
  const all = files
    .flatMap(file => readSources(file.path, file.text))
    .filter(source => isOurs(source, distro, arch))
  const [archive] = all
    .filter(({ suites }) => suites.some(suite => isMainSuite(suite, codename)))
    .map(source => ({ url: source.url, points: evidence(source, all, distro) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
  if (archive === undefined) return null
  const security = all.find(({ suites }) => suites.some(suite => isSecurity(suite, codename)))
  const urls = [archive.url, ...(security === undefined ? [] : [security.url])]
  return {
    distro,
    archive: archive.url,
    security: security?.url ?? null,
    secret: urls.some(hasSecret),
  }
}

const DEBIAN_ARCH: Partial<Record<string, string>> = {
  x64: 'amd64',
  ia32: 'i386',
  arm: 'armhf',
  ppc64: 'ppc64el',
}

const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

const valueOf = (osRelease: string, name: string): string =>
  new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1]?.trim() ?? ''

/** Suites of Debian that have no code name of their own, or that change it. */
const MOVING = ['stable', 'oldstable', 'oldoldstable', 'testing', 'unstable', 'sid']

const isMainSuite = (suite: string, codename: string): boolean =>
  suite === codename || MOVING.includes(suite)

// Debian's was called `buster/updates` until 2021.
const isSecurity = (suite: string, codename: string): boolean => {
  const [, name = ''] = /^(.*)(?:-security|\/updates)$/.exec(suite) ?? []
  return name !== '' && isMainSuite(name, codename)
}

/** Signed by others, without the component main, or with another architecture, it is not the distribution's. */
const isOurs = (source: AptSource, distro: string, arch: string): boolean =>
  /^https?:\/\//i.test(source.url) &&
  source.components.includes('main') &&
  !/\/\/([^/@]*@)?(private-)?ppa\.launchpad(content)?\.net\//i.test(source.url) &&
  (source.archs === null || source.archs.includes(arch)) &&
  !source.notArchs.includes(arch) &&
  (source.signedBy === null || isArchiveKey(source.signedBy, distro))

// A fingerprint says nothing about whose key it is.
const isArchiveKey = (signedBy: string, distro: string): boolean =>
  signedBy
    .split(/[\s,]+/)
    .every(
      word =>
        /^[0-9a-f]{16,40}!?$/i.test(word) || new RegExp(`/${distro}-archive-[^/]*$`).test(word),
    )

/** How much speaks for a source of a plain suite being the distribution's: others have such suites too. */
const evidence = (
  { path, url, signedBy }: AptSource,
  all: readonly AptSource[],
  distro: string,
): number => {
  const updates = all.some(
    other => other.url === url && other.suites.some(suite => suite.endsWith('-updates')),
  )
  const own = /\/(?:sources\.list|(?:debian|ubuntu)\.sources)$/.test(path)
  const end = distro === 'debian' ? /\/debian$/ : /\/ubuntu(?:-ports)?$/
  return [updates, own, end.test(url), signedBy?.includes(`/${distro}-archive-`) ?? false].filter(
    Boolean,
  ).length
}

const hasSecret = (url: string): boolean => /^[^/]*\/\/[^/]*@/.test(url)
