import { distributionNamed, distributions, findDistribution } from './distributions.ts'
import { distributionAt, versionNumber } from './older.ts'
import { nearest } from '../text/nearest.ts'
import { isNumber } from './read-distribution.ts'
import { isOut, supportOf } from './support.ts'
import type { Distribution, MovingRelease, Release } from './types.ts'

/** The distribution that is taken when none is named. */
export const STANDARD_DISTRO = 'ubuntu'

/** Returns all releases: a distribution after the other, newest first. */
export const releases = (): readonly Release[] => distributions().flatMap(one => one.releases)

/** Returns what is taken when no release is named: the newest long-term release, else the newest that is out. */
export const standardRelease = (distro: string, today: string): Release => {
  const all = distributionNamed(distro).releases
  return (
    all.find(release => release.longTerm && isOut(release, today)) ??
    all.find(release => isOut(release, today)) ??
    all.at(-1)!
  )
}

/** Returns the releases of a distribution as a person should meet them; `ended` are those without free support. */
export const pickerOrder = (
  distro: string,
  today: string,
): { main: Release[]; ended: Release[] } => {
  const main: Release[][] = [[], [], []]
  const ended: Release[] = []
  for (const release of distributionNamed(distro).releases) {
    const { state } = supportOf(release, today)
    if (state === 'ended') ended.push(release)
    else main[state === 'development' ? 2 : release.longTerm ? 0 : 1]!.push(release)
  }
  // Testing is what most people mean by a Debian that is not released, so sid, which is newer, comes last.
  main[2]!.sort((a, b) => Number(a.version === null) - Number(b.version === null))
  return { main: main.flat(), ended }
}

/**
 * Returns the release that a person names, in any case: by code name, name or version (`24.04`, `24.04 LTS`), by a word
 * that moves on (`lts`, `stable`), by the distribution alone (`alpine`, `Arch Linux`, `fedora:latest`), or by both
 * (`fedora:44`, `rocky9`). Null when there is none. A bare version that several distributions have is the first one's.
 */
export const findRelease = (text: string, today: string, distro?: string): Release | null => {
  const word = text.trim().toLowerCase().replace(/\s+/g, ' ')
  const forms = [word, shortOf(word)].flatMap(form => [form, withoutPoint(form)])
  return firstFound(new Set(forms), form => findWhole(form, today, distro))
}

/** Returns what is found for the first of several that anything is found for; null when nothing is. */
const firstFound = <T>(all: Iterable<T>, find: (one: T) => Release | null): Release | null => {
  for (const one of all) {
    const found = find(one)
    if (found !== null) return found
  }
  return null
}

/** People copy what screens and registries call it: `Rocky Linux 9`, `CentOS Stream 9`, `opensuse/leap:15.6`. */
const shortOf = (word: string): string =>
  word.replace(/[ /]*(?:gnu\/)?linux(?: os)?\b/, '').replace(/[ /]/g, '-')

const findWhole = (word: string, today: string, distro?: string): Release | null => {
  const only = distro === undefined ? undefined : distributionNamed(distro)
  const some = only === undefined ? distributions() : [only]
  const found = firstFound(some, one => findIn(one, word, today))
  if (found !== null) return found
  const [named = only, rest] = splitName(word)
  if (named === undefined || !some.includes(named)) return null
  return rest === '' || rest === 'latest'
    ? standardRelease(named.name, today)
    : findIn(named, rest, today)
}

/** Returns code names, versions and words that resemble a text that names no release, the likeliest first; perhaps none. */
export const similarReleases = (text: string): string[] => {
  const asked = text.trim().toLowerCase()
  if (NOT_OUT_YET.test(asked)) return inDevelopment()
  const pairs = pairsOf(asked)
  const names = distributions().flatMap(one => [
    one.name,
    ...one.releases.flatMap(({ codename, version }) => [codename, version ?? '']),
    ...Object.keys(one.words),
  ])
  return [...new Set(names)]
    .map(name => ({ name, likeness: likeness(pairs, pairsOf(name)) }))
    .filter(({ name, likeness }) => likeness >= (isLike(name, asked) ? 0.4 : 0.75))
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ name }) => name)
}

/** What people call the release that is still worked on. */
const NOT_OUT_YET = /^(?:dev|devel|development|experimental|head|next|nightly|rawhide)$/

/** Those that never come out come first: sid is what testing is made of. */
const inDevelopment = (): string[] =>
  releases()
    .filter(({ released }) => released === null)
    .toSorted((a, b) => Number(a.version !== null) - Number(b.version !== null))
    .map(({ codename }) => codename)

// Who types a name wrong mostly has its first letter right: etch is no stretch, and rolling no kali-rolling.
const isLike = (name: string, asked: string): boolean =>
  name[0] === asked[0] || (name !== '' && asked.includes(name))

/**
 * Returns the release of a distribution that is nearest to a text which names none: the newest of a first number alone
 * (15.6 for 15), else the one with the nearest number, else the one whose name resembles it most, else the only one.
 * Null when nothing is near.
 */
export const nearestRelease = (text: string, today: string, distro: string): Release | null => {
  const [, rest] = splitName(text.trim().toLowerCase())
  const { releases: all } = distributionNamed(distro)
  const asked = versionNumber(rest)
  const near =
    asked === null
      ? firstFound(similarReleases(rest), name => findRelease(name, today, distro))
      : numberedNear(asked, rest, all)
  return near ?? (all.length === 1 ? all[0]! : null)
}

const numberedNear = (
  asked: number,
  text: string,
  all: readonly Release[],
): Release | undefined => {
  const within = all.filter(({ version }) => version?.startsWith(`${text}.`))
  const far = ({ version }: Release): number =>
    Math.abs((versionNumber(version) ?? Infinity) - asked)
  return (
    within.find(({ longTerm }) => longTerm) ??
    within[0] ??
    all.toSorted((a, b) => far(a) - far(b)).find(one => far(one) !== Infinity)
  )
}

/** Returns the distribution that says why a release by this name can't be made: Debian for `wheezy`; or undefined. */
export const goneOf = (name: string): Distribution | undefined =>
  distributions().find(one =>
    one.gone.some(({ names = [] }) => names.includes(name.trim().toLowerCase())),
  )

/** Returns what follows the distribution in a text: `42.3` of `opensuse-leap:42.3`. */
export const withoutDistribution = (text: string): string => splitName(text.trim().toLowerCase())[1]

/** Returns the name of the distribution that a text may be meant to be: `opensuse-tumbleweed` for `tumbleweed`; or null. */
export const nearDistribution = (text: string): string | null => {
  const names = distributions().map(({ name }) => name)
  return (
    nearest(text, names) ??
    distributionIn(text)?.name ??
    distributions().find(({ name, words }) => name.includes(text) || text in words)?.name ??
    null
  )
}

/** Returns the distribution that a text begins with: Fedora for `fedora:99`, CentOS Stream for `centos7`. */
export const distributionIn = (text: string): Distribution | undefined => {
  const word = text.trim().toLowerCase()
  const [first] = /^[a-z]*/.exec(word)!
  return splitName(word)[0] ?? distributions().find(({ name }) => name.startsWith(`${first}-`))
}

/**
 * Returns the image that a release is made in: its own, whose tools know it. The deb family has to install debootstrap
 * there, which can't be done once the last support has ended; so then, and where its own is too old to work without
 * rights, the newest long-term release's: never an older release than its own, because old tools do not know a new suite.
 */
export const builderOf = (release: Release, today: string): string => {
  const { builder, family } = distributionAt(release)
  return fill(builder.image, family === 'deb' ? hostOf(release, today) : release)
}

/** Returns a text with `{codename}` and `{version}` replaced by the release's; a version that is missing is the code name. */
export const fill = (text: string, { codename, version }: Release): string =>
  text.replaceAll('{codename}', codename).replaceAll('{version}', version ?? codename)

/** Returns a release for people: `Ubuntu 24.04 noble`. */
export const releaseTitle = (release: Release): string => {
  const { version, codename, distro } = release
  const { title } = distributionNamed(distro)
  // Arch Linux's only release is arch: once is enough.
  const said = [version, ...title.toLowerCase().split(' ')].includes(codename)
  return [title, version, said ? null : codename].filter(word => word !== null).join(' ')
}

/** Returns a release as short as a person can still say it: `noble`, `Fedora 44`, `Arch Linux`. */
export const releaseName = (release: Release): string =>
  isNumber(release.codename) || release.version === null ? releaseTitle(release) : release.codename

/** Returns a release as one word for a name: `noble`, `fedora-44`. */
export const releaseSlug = ({ codename, distro }: Release): string =>
  isNumber(codename) ? `${distro}-${codename}` : codename

/** Returns the word that `--release` takes for it, whatever other distributions have: `noble`, `fedora:44`. */
export const releaseWord = ({ codename, distro }: Release): string =>
  isNumber(codename) ? `${distro}:${codename}` : codename

const hostOf = (release: Release, today: string): Release => {
  const end = release.longTermUntil ?? release.supportedUntil
  if (release.released === null || end === null || (end >= today && !isTooOld(release)))
    return release
  const { released } = release
  const newer = pickerOrder(release.distro, today).main.find(
    other => isOut(other, today) && other.released! > released,
  )
  return newer ?? release
}

/** Ubuntu's debootstrap before 20.04 fails where it may not mount, as in a container without rights (sonic-buildimage#27). */
const isTooOld = ({ distro, version }: Release): boolean => {
  const { oldest } = distributionNamed(distro).builder
  return oldest !== null && Number(version) < Number(oldest)
}

const findIn = (one: Distribution, word: string, today: string): Release | null => {
  const moving = Object.entries(one.words).find(([name]) => name === word)?.[1]
  if (moving !== undefined) return movingRelease(one, moving, today)
  return one.releases.find(release => namesOf(release, one).includes(word)) ?? null
}

/** A point release is the release with newer packages: Debian's 12.11 is 12, Ubuntu's 24.04.2 is 24.04. */
const withoutPoint = (word: string): string =>
  word.replace(/\b(\d\d\.\d\d|\d\d?)\.\d{1,2}(?: lts)?$/, '$1')

const movingRelease = (one: Distribution, moving: MovingRelease, today: string): Release | null => {
  if (moving === 'standard') return standardRelease(one.name, today)
  if (moving === 'newest') return one.releases.find(release => isOut(release, today)) ?? null
  if (moving === 'previous') return one.releases.filter(release => isOut(release, today))[1] ?? null
  if (moving === 'unversioned') return one.releases.find(({ version }) => version === null) ?? null
  if (moving === 'testing')
    return (
      one.releases.findLast(release => release.version !== null && !isOut(release, today)) ?? null
    )
  return one.releases.find(({ codename }) => codename === moving.release) ?? null
}

const namesOf = (
  { codename, name, version, longTerm }: Release,
  { longTermLabel }: Distribution,
): (string | null)[] => [
  codename.toLowerCase(),
  name.toLowerCase(),
  version?.toLowerCase() ?? null,
  version === null ? null : `v${version}`,
  longTerm && longTermLabel !== null ? `${version} ${longTermLabel.toLowerCase()}` : null,
]

/** `fedora:44`, `fedora 44`, `fedora-44` and `fedora44` as the distribution and the rest. */
const splitName = (word: string): [Distribution | undefined, string] => {
  const whole = findDistribution(word)
  if (whole !== undefined) return [whole, '']
  for (const one of distributions())
    for (const name of [one.name, ...Object.keys(one.words)]) {
      const rest = word.startsWith(name) ? word.slice(name.length) : ''
      // `stabel` is no release of what has the word `stab`.
      const begins = name === one.name ? /^[:\s/-]?[\w.]/ : /^[:\s/-]?\d/
      if (begins.test(rest)) return [one, rest.replace(/^[:\s/-]/, '')]
    }
  return [undefined, word]
}

const pairsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2))

/** Twice the common pairs of letters by all pairs (Dice's coefficient): 0 to 1. */
const likeness = (some: readonly string[], others: readonly string[]): number =>
  (2 * some.filter(pair => others.includes(pair)).length) / (some.length + others.length || 1)
