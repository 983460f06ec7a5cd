import data from '../../assets/releases.json' with { type: 'json' }
import { isOut, supportOf } from './support.ts'
import type { Distro, Release } from './types.ts'

/** The distributions, the usual one first. */
export const DISTROS = ['ubuntu', 'debian'] as const satisfies readonly Distro[]

type Row = [string, string, string | null, boolean, string | null, string | null, string | null]

const releaseOf = (distro: Distro, row: Row): Release => {
  const [codename, name, version, longTerm, released, supportedUntil, longTermUntil] = row
  return { distro, codename, name, version, longTerm, released, supportedUntil, longTermUntil }
}

/** All releases: a distribution after the other, newest first. Made by scripts/catalogue.mjs. */
export const releases: readonly Release[] = DISTROS.flatMap(distro =>
  (data[distro] as Row[]).map(row => releaseOf(distro, row)),
)

/** Where the catalogue's data are from, and of which day. */
export const catalogueSource: string = data.source

/** What is taken when no release is named: Ubuntu's newest long-term release, Debian's stable. */
export const standardRelease = (distro: Distro, today: string): Release => {
  const all = releasesOf(distro)
  return all.find(release => release.longTerm && isOut(release, today)) ?? all.at(-1)!
}

/** The releases of a distribution as a person should meet them; `ended` are those without free support. */
export const pickerOrder = (
  distro: Distro,
  today: string,
): { main: Release[]; ended: Release[] } => {
  const main: Release[][] = [[], [], []]
  const ended: Release[] = []
  for (const release of releasesOf(distro)) {
    const { state } = supportOf(release, today)
    if (state === 'ended') ended.push(release)
    else main[state === 'development' ? 2 : release.longTerm ? 0 : 1]!.push(release)
  }
  // Testing is what most people mean by a Debian that is not released, so sid, which is newer, comes last.
  main[2]!.sort((a, b) => Number(a.version === null) - Number(b.version === null))
  return { main: main.flat(), ended }
}

/**
 * The release that a person names by code name, name or version (`24.04`, `24.04 LTS`), in any case, or by a word
 * that moves on: `lts`, `stable`, `testing`, `unstable`. Null when there is none.
 */
export const findRelease = (text: string, today: string, distro?: Distro): Release | null => {
  const word = text.trim().toLowerCase().replace(/\s+/g, ' ')
  const moving = MOVING.get(word)?.(today)
  const known =
    moving === undefined ? releases.find(release => namesOf(release).includes(word)) : moving
  return known === undefined || (distro ?? known.distro) !== known.distro ? null : known
}

/** Code names, versions and words that resemble a text that names no release, the likeliest first; perhaps none. */
export const similarReleases = (text: string): string[] => {
  const pairs = pairsOf(text.trim().toLowerCase())
  return [
    ...releases.flatMap(({ codename, version }) => [codename, version ?? '']),
    ...MOVING.keys(),
  ]
    .map(name => ({ name, likeness: likeness(pairs, pairsOf(name)) }))
    .filter(({ likeness }) => likeness >= 0.4)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ name }) => name)
}

/**
 * The image that a release is bootstrapped in: its own, with a debootstrap that knows it. Once its last support has
 * ended, packages can no longer be installed in its own image, so then, and where its own debootstrap needs rights, the
 * newest long-term release's: never an older release than its own, because an old debootstrap does not know a new suite.
 */
export const builderOf = (release: Release, today: string): string => {
  const host = hostOf(release, today)
  return host.distro === 'ubuntu' ? `ubuntu:${host.version}` : `debian:${host.codename}-slim`
}

const releasesOf = (distro: Distro): Release[] =>
  releases.filter(release => release.distro === distro)

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

/** The debootstrap of Ubuntu before 20.04 fails where it may not mount, as in a container without special rights (sonic-buildimage#27). */
const isTooOld = ({ distro, version }: Release): boolean =>
  distro === 'ubuntu' && Number(version) < 20

type Moving = (today: string) => Release | undefined

const MOVING = new Map<string, Moving>([
  ['lts', today => standardRelease('ubuntu', today)],
  ['stable', today => standardRelease('debian', today)],
  ['testing', today => testing(today)],
  ['unstable', () => releases.find(({ version }) => version === null)],
])

const testing = (today: string): Release | undefined =>
  releasesOf('debian').findLast(release => release.version !== null && !isOut(release, today))

const namesOf = ({ distro, codename, name, version, longTerm }: Release): (string | null)[] => [
  codename,
  name.toLowerCase(),
  version,
  distro === 'ubuntu' && longTerm ? `${version} lts` : null,
]

const pairsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2))

/** Twice the common pairs of letters by all pairs (Dice's coefficient): 0 to 1. */
const likeness = (some: readonly string[], others: readonly string[]): number =>
  (2 * some.filter(pair => others.includes(pair)).length) / (some.length + others.length || 1)
