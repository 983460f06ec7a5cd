import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { sourcesFor, withoutLogin } from '../../bootstrap/deb/sources.ts'
import type {
  ArchiveKey,
  BootstrapRequest,
  DebVariant,
  SuiteRole,
  SuiteSource,
} from '../../bootstrap/types.ts'
import { archivesOf, debianArch, sourcesOf, type Source } from '../../catalog/archives.ts'
import type { Release } from '../../catalog/types.ts'
import { snapshotOf } from '../../text/moment.ts'

/** What a person wants of a root filesystem. */
export interface RootChoice {
  readonly release: Release
  /** Go's name: `amd64`. */
  readonly arch: string
  readonly variant: DebVariant
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Null for the distribution's usual ones. */
  readonly components: readonly string[] | null
  readonly mirror: string | null
  /** The archive of this machine's own apt, where it has the release; null for none. */
  readonly near: string | null
  /** A file of keys instead of ours, absolute, or null. */
  readonly keyring: string | null
  /** As typed, or null. */
  readonly snapshot: string | null
  readonly updates: boolean
  /** Suites instead of all of the distribution's, or null: see ownSources. */
  readonly suites?: readonly SuiteSource[] | null
}

/** A request, and what the image's own apt should fetch from: `URL SUITE COMPONENTS`, by suite. */
export interface RootRequest {
  readonly request: BootstrapRequest
  readonly imageSources: ReadonlyMap<string, string>
  readonly keyring: Uint8Array | null
  /** True when the release has left its archive. */
  readonly ended: boolean
}

/** Returns what the bootstrap works with, for a choice; reads the keys. `assets` is the folder of the files we ship. */
export const requestFor = async (
  choice: RootChoice,
  assets: string,
  now: number,
): Promise<RootRequest> => {
  const { release, arch, mirror, near } = choice
  const distribution = release.distro === 'ubuntu' ? 'ubuntu' : 'debian'
  const own = sourcesOf(release, arch, choice.components?.join(' '))
  const components = own[0]!.components.split(' ')
  const { archive, moved, security } = archivesOf(release, arch)
  const snapshot = choice.snapshot === null ? null : snapshotOf(choice.snapshot)
  const sources = sourcesFor(
    {
      distribution,
      codename: release.codename,
      archive,
      updatesSuite: suiteOf(own, release, 'updates'),
      securityArchive: security,
      securitySuite: suiteOf(own, release, 'security'),
    },
    { components, updates: choice.updates, mirror, near, snapshot },
  )
  const ended = archive === moved
  const keyring = choice.keyring === null ? null : await readFile(choice.keyring)
  const written = mirror === null ? own : sources.map(writtenSource)
  return {
    request: {
      distribution,
      codename: release.codename,
      sources: choice.suites ?? sources,
      architecture: debianArch(arch),
      variant: choice.variant,
      include: choice.include,
      exclude: choice.exclude,
      keys:
        keyring === null
          ? await shippedKeys(assets, distribution, ended)
          : [{ file: basename(choice.keyring!), certificate: keyring }],
      now,
      snapshot: snapshot !== null || ended,
    },
    // A file of one's own goes into the image as it is.
    imageSources: new Map(
      ((choice.suites ?? null) === null ? written : []).map(({ url, suite, components }) => [
        suite,
        `${url} ${suite} ${components}`,
      ]),
    ),
    keyring: mirror === null ? null : keyring,
    ended,
  }
}

const writtenSource = ({
  archive,
  suite,
  components,
}: BootstrapRequest['sources'][number]): Source => ({
  url: withoutLogin(archive),
  suite,
  components: components.join(' '),
})

const suiteOf = (own: readonly Source[], release: Release, role: SuiteRole): string | null =>
  own.find(({ suite }) => roleOf(suite, release) === role)?.suite ?? null

const roleOf = (suite: string, { codename }: Release): SuiteRole => {
  if (suite === codename) return 'release'
  return suite === `${codename}-updates` ? 'updates' : 'security'
}

interface KeyRow {
  readonly file: string
  readonly fingerprint: string
  readonly distribution: string
  /** Of a release that has left its archive. */
  readonly removed: boolean
}

const shippedKeys = async (
  assets: string,
  distribution: string,
  ended: boolean,
): Promise<ArchiveKey[]> => {
  const folder = join(assets, 'keys')
  const { keys } = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as {
    keys: KeyRow[]
  }
  return Promise.all(
    keys
      .filter(key => key.distribution === distribution && (ended || !key.removed))
      .map(async ({ file, fingerprint }) => ({
        file: `assets/keys/${file}`,
        fingerprint,
        certificate: await readFile(join(folder, file)),
      })),
  )
}
