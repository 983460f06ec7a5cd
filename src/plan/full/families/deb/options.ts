import type { FullAnswers, Given } from '../../../../ask/answers.ts'
import { withoutSecret } from '../../../../ask/questions/mirror.ts'
import { KEYRING } from '../../../../ask/saved.ts'
import { archivesOf, sourcesOf } from '../../../../catalog/archives.ts'
import { supportOf } from '../../../../catalog/support.ts'
import type { Release } from '../../../../catalog/types.ts'
import type { Arch } from '../../../../engine/facts.ts'

/** Where the packages of one run come from. */
export interface Origin {
  readonly given: Given<FullAnswers>
  readonly release: Release
  readonly arch: Arch
  /** The archive in this machine's own apt sources, when it runs the same distribution and can be reached from where the bootstrap runs. */
  readonly near: string | null
}

/** Where a keyring of the person's is put in the container. */
export const KEYRING_INSIDE = '/keyring.gpg'

/** The packages that the bootstrap needs in the builder; https needs certificates. */
export const bootstrapPackages = ({ given }: Origin): string[] =>
  given.answers.mirror?.startsWith('https:') === true
    ? ['debootstrap', 'ca-certificates']
    : ['debootstrap']

/** The options of assets/full/bootstrap.sh, alike for the container and for this machine. */
export const bootstrapOptions = (origin: Origin, keyring = KEYRING_INSIDE): string[] => [
  '--suite',
  origin.release.codename,
  '--variant',
  origin.given.answers.variant,
  ...originOptions(origin, keyring),
  ...packageOptions(origin.given.answers).flat(),
  ...(origin.given.answers.slim ? ['--slim'] : []),
]

/** Makes assets/full/bootstrap.sh tell its progress in lines that our reader understands. */
export const PROGRESS = '--progress'

/** The options of debootstrap itself, as a person would type them. */
export const debootstrapOptions = (origin: Origin): string[] => {
  const { variant } = origin.given.answers
  return [
    '--force-check-gpg',
    ...(variant === 'standard' ? [] : [`--variant=${variant}`]),
    // gpgv looks for a name without a slash in its own folder.
    ...keyringOptions(origin, `./${KEYRING}`),
    ...packageOptions(origin.given.answers),
  ].map(option => (typeof option === 'string' ? option : option.join('=')))
}

/** The address that the packages are fetched from, as far as that is known without asking. */
export const fetchedFrom = ({ given, release, arch, near }: Origin): string => {
  const { archive, moved } = archivesOf(release, arch)
  // A mirror near this machine has dropped what the archive itself has.
  return given.answers.mirror ?? (archive === moved ? archive : (near ?? archive))
}

/** Ubuntu keeps most of its packages in universe, and what is included is looked for there too. */
const packageOptions = ({ include, distro }: FullAnswers): [string, string][] => {
  if (include.length === 0) return []
  const packages: [string, string] = ['--include', include.join(',')]
  return distro === 'ubuntu' ? [packages, ['--components', 'main,universe']] : [packages]
}

const originOptions = (origin: Origin, keyringAt: string): string[] => {
  const { given, release, arch, near } = origin
  const { mirror } = given.answers
  const { archive, moved } = archivesOf(release, arch)
  const keys = keyringOptions(origin, keyringAt).flat()
  if (mirror !== null) return ['--mirror', mirror, ...keys, ...mirrorSources(origin, mirror)]
  return [
    ...(near === null ? [] : ['--near', near]),
    '--archive',
    archive,
    '--moved',
    moved,
    ...keys,
    ...sourcesOf(release, arch).flatMap(source => ['--source', lineOf(source)]),
  ]
}

/** debootstrap finds the keys by itself but for old releases: it may look for those among keys that were taken back. */
const keyringOptions = (origin: Origin, at: string): [string, string][] => {
  if (origin.given.answers.keyring !== null) return [['--keyring', at]]
  if (!isEnded(origin)) return []
  return [['--keyring', archivesOf(origin.release, origin.arch).keyring]]
}

const isEnded = ({ release, given }: Origin): boolean =>
  supportOf(release, given.today).state === 'ended'

interface Source {
  readonly url: string
  readonly suite: string
  readonly components: string
}

const lineOf = ({ url, suite, components }: Source): string => `${url} ${suite} ${components}`

/** A mirror of one's own need not have the updates, so they are written only where they are there. */
const mirrorSources = ({ release, arch }: Origin, mirror: string): string[] => {
  const [main, ...others] = sourcesOf(release, arch)
  const base = withoutSecret(mirror)
  const { archive } = archivesOf(release, arch)
  const moved = others.map(source => ({
    ...source,
    // Ubuntu's mirrors hold the security updates beside the rest, Debian's in a folder of their own.
    url: source.url === archive || release.distro === 'ubuntu' ? base : `${base}-security`,
  }))
  return [
    '--source',
    lineOf({ ...main!, url: base }),
    ...moved.flatMap(source => ['--source-if-there', lineOf(source)]),
  ]
}

/** The file that tells what the image is, and the line in it that proves the release. */
export const proofOf = (release: Release): { readonly file: string; readonly line: string } => {
  const { distro, codename, version, released } = release
  if (distro === 'ubuntu') return { file: '/etc/lsb-release', line: `DISTRIB_CODENAME=${codename}` }
  // What is not released yet has no version, and Debian 8 did not name its code name yet.
  if (released === null) return { file: '/etc/os-release', line: 'ID=debian' }
  const line = version === '8' ? 'VERSION_ID="8"' : `VERSION_CODENAME=${codename}`
  return { file: '/etc/os-release', line }
}
