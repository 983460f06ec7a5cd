import type { SuiteRole, SuiteSource } from '../types.ts'

/** Where a release's packages are, as the catalogue knows it. */
export interface ReleaseArchives {
  readonly distribution: 'debian' | 'ubuntu'
  readonly codename: string
  readonly archive: string
  /** Null when the release has none of its own. */
  readonly updatesSuite: string | null
  readonly securityArchive: string
  readonly securitySuite: string | null
}

/** What a person chose about them. */
export interface SourceChoice {
  readonly components: readonly string[]
  /** False keeps to the release alone. */
  readonly updates: boolean
  /** Replaces the archive; updates are expected there too, security where mirrors have it. */
  readonly mirror: string | null
  /** The archive that this machine's own apt uses, asked instead of the distribution's own; null for none. */
  readonly near: string | null
  /** A moment in the archive's history, `20260701T000000Z`, or null. */
  readonly snapshot: string | null
}

/**
 * Returns the suites that a release's packages come from: the release, its updates, its security updates. What a
 * person's own mirror may lack is optional; what the distribution's archive has is not, so that nobody can hide it.
 */
export const sourcesFor = (release: ReleaseArchives, choice: SourceChoice): SuiteSource[] => {
  const { components } = choice
  const { archive, security, optional, elsewhere } = archivesFor(release, choice)
  const { codename, updatesSuite, securitySuite } = release
  const own: SuiteSource = {
    archive,
    suite: codename,
    components,
    role: 'release',
    optional: false,
  }
  if (!choice.updates) return [own]
  return [
    own,
    ...(updatesSuite === null
      ? []
      : [{ archive, suite: updatesSuite, components, role: 'updates' as const, optional }]),
    ...(securitySuite === null
      ? []
      : [
          {
            archive: security,
            suite: securitySuite,
            components,
            role: 'security' as const,
            optional,
            ...(elsewhere !== undefined && { elsewhere }),
          },
        ]),
  ]
}

/** Returns an address without user and password, so that it can be shown and saved. */
export const withoutLogin = (address: string): string =>
  address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1')

interface Archives {
  readonly archive: string
  readonly security: string
  readonly optional: boolean
  readonly elsewhere?: string
}

const archivesFor = (
  { distribution, archive, securityArchive }: ReleaseArchives,
  { mirror, near, snapshot }: SourceChoice,
): Archives => {
  if (mirror !== null) {
    const own = trimmed(mirror)
    const security = distribution === 'debian' ? `${own}-security` : own
    return { archive: own, security, optional: true }
  }
  if (near !== null && snapshot === null) {
    const own = trimmed(near)
    const security = distribution === 'debian' ? `${own}-security` : own
    return { archive: own, security, optional: false, elsewhere: trimmed(securityArchive) }
  }
  if (snapshot === null)
    return { archive: trimmed(archive), security: trimmed(securityArchive), optional: false }
  return {
    archive: snapshotArchive(distribution, 'release', snapshot),
    security: snapshotArchive(distribution, 'security', snapshot),
    optional: false,
  }
}

/** Returns the archive of a suite as it was at a moment (as snapshotOf names it), where the distribution keeps it. */
export const snapshotArchive = (
  distribution: 'debian' | 'ubuntu',
  role: SuiteRole,
  moment: string,
): string => {
  if (distribution === 'ubuntu') return `https://snapshot.ubuntu.com/ubuntu/${moment}`
  const name = role === 'security' ? 'debian-security' : 'debian'
  return `http://snapshot.debian.org/archive/${name}/${moment}`
}

const trimmed = (address: string): string => address.replace(/\/+$/, '')
