import { oneOf } from '../ask/one-of.ts'
import { oneArch } from '../ask/questions/arch.ts'
import { keyring as keyringQuestion } from '../ask/questions/keyring.ts'
import { mirror as mirrorQuestion } from '../ask/questions/mirror.ts'
import { today } from '../ask/today.ts'
import type { CommandWords } from '../ask/words.ts'
import { snapshot as snapshotQuestion } from '../ask/questions/root.ts'
import type { PackagesLock } from '../bootstrap/deb/lock-form.ts'
import { archivesOf, goArch } from '../catalog/archives.ts'
import { findRelease, releaseTitle, releaseWord, similarReleases } from '../catalog/releases.ts'
import type { Release } from '../catalog/types.ts'
import type { Facts } from '../engine/facts.ts'
import { UsageError } from '../errors.ts'
import type { RootChoice } from '../run/rootfs/request.ts'

const VARIANTS = ['minbase', 'standard', 'buildd', 'essential', 'important', 'distroless'] as const

/** What decides a choice besides the words. */
export interface ChoiceContext {
  readonly release: Release
  /** Null without one. */
  readonly lock: PackagesLock | null
  readonly facts: Pick<Facts, 'archive' | 'arch'>
  /** Go's name, where no flag and no lock says. */
  readonly arch: string
  readonly cwd: string
  /** In place of the distribution's. */
  readonly suites?: RootChoice['suites']
}

/** Returns the choice that the words of `rootfs` make; what they leave open is as in the lock. Throws UsageError. */
export const choiceOf = (
  { values, switches }: CommandWords,
  { release, lock, facts, arch: usual, cwd, suites }: ChoiceContext,
): RootChoice => {
  const arch =
    values['arch'] === undefined
      ? lock === null
        ? usual
        : goArch(lock.architecture)
      : oneArch(values['arch'])
  const { snapshot: moment } = values
  const snapshot = moment === undefined ? null : snapshotQuestion.parse(moment, cwd)
  const { archive } = facts
  const isNear = archive?.distro === release.distro && facts.arch === arch
  const mirror =
    values['mirror'] === undefined
      ? lockedMirror(lock, release, arch)
      : mirrorQuestion.parse(values['mirror'], cwd)
  return {
    release,
    arch,
    variant:
      values['variant'] === undefined
        ? (lock?.variant ?? 'minbase')
        : oneOf('variant', VARIANTS, values['variant']),
    include: listOf(values['include']) ?? lock?.include ?? [],
    exclude: listOf(values['exclude']) ?? lock?.exclude ?? [],
    components: listOf(values['components']) ?? lock?.suites[0]?.components ?? null,
    mirror,
    near: isNear && archive.archive.startsWith('http:') ? archive.archive : null,
    keyring: values['keyring'] === undefined ? null : keyringQuestion.parse(values['keyring'], cwd),
    snapshot,
    suites: suites ?? null,
    updates: switches.has('updates') || !(switches.has('no-updates') || isReleaseAlone(lock)),
  }
}

/** A lock that was made with a mirror of one's own keeps it. */
const lockedMirror = (lock: PackagesLock | null, release: Release, arch: string): string | null => {
  const there = lock?.suites.find(({ role }) => role === 'release')?.archive
  return there === undefined || there === archivesOf(release, arch).archive ? null : there
}

const isReleaseAlone = (lock: PackagesLock | null): boolean =>
  lock !== null && lock.suites.every(({ role }) => role === 'release')

const listOf = (text?: string): string[] | undefined =>
  text?.split(/[\s,]+/).filter(word => word !== '')

/** Returns the release of Debian or Ubuntu that a person named, such as `debian:bookworm`. Throws UsageError. */
export const releaseNamed = (text: string, usage: string): Release => {
  const [first = '', second] = text.split(':')
  const distro = oneOfDistros(first)
  const found =
    distro === null
      ? findRelease(text, today())
      : findRelease(second ?? (distro === 'ubuntu' ? 'lts' : 'stable'), today(), distro)
  if (found !== null && (found.distro === 'debian' || found.distro === 'ubuntu')) return found
  if (found !== null)
    throw new UsageError(`This is for Debian and Ubuntu, and ${text} is ${releaseTitle(found)}.`, [
      `An image of it: create-base-image --release ${releaseWord(found)}`,
    ])
  const similar = similarReleases(second ?? first)
    .filter(name => ['debian', 'ubuntu'].includes(findRelease(name, today())?.distro ?? ''))
    .slice(0, 3)
  throw new UsageError(`There is no release ${text} of Debian or Ubuntu.`, [
    ...(similar.length === 0 ? [] : [`Did you mean ${similar.join(' or ')}?`]),
    `Usage: ${usage}`,
  ])
}

const oneOfDistros = (text: string): 'debian' | 'ubuntu' | null =>
  text === 'debian' || text === 'ubuntu' ? text : null
