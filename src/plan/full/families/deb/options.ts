import { withoutSecret } from '../../../../ask/questions/mirror.ts'
import { keyringInside, keyringName } from '../../../../ask/saved.ts'
import { archivesOf, debSettings, hasOurKeys, sourcesOf } from '../../../../catalog/archives.ts'
import type { Origin } from '../../inputs.ts'
import { isEnded, takesUpdates } from '../../built-in-rules.ts'

/** The packages that the bootstrap needs in the builder; https needs certificates. */
export const bootstrapPackages = ({ given }: Origin): string[] =>
  given.answers.mirror?.startsWith('https:') === true
    ? ['debootstrap', 'ca-certificates']
    : ['debootstrap']

/** The options of assets/families/deb/bootstrap.sh; a keyring of the person's lies at `keyringAt`, in the container's root unless told. */
export const bootstrapOptions = (origin: Origin, keyringAt = keyringInside): string[] => [
  '--suite',
  origin.release.codename,
  '--variant',
  origin.given.answers.variant,
  ...(takesUpdates(origin) ? ['--updates'] : []),
  ...originOptions(origin, keyringAt),
  ...packageOptions(origin).flat(),
  ...originNames(origin),
  ...(origin.given.answers.slim ? ['--slim'] : []),
]

/** What debootstrap and a look at the builder's mirrors can't know of a distribution that descends from Debian. */
const originNames = (whole: Origin): string[] => {
  const { origin, script } = debSettings(whole.release)
  return [
    ...(descends(whole) ? ['--origin', origin] : []),
    ...(script === undefined ? [] : ['--script', script]),
  ]
}

/** Makes assets/families/deb/bootstrap.sh tell its progress in lines that our reader understands. */
export const PROGRESS = '--progress'

/** The options of debootstrap itself, as a person would type them. */
export const debootstrapOptions = (origin: Origin): string[] => {
  const { variant } = origin.given.answers
  return [
    '--force-check-gpg',
    ...(variant === 'standard' ? [] : [`--variant=${variant}`]),
    // gpgv looks for a name without a slash in its own folder.
    ...keyringOptions(origin, keyring => `./${keyringName(keyring)}`),
    ...packageOptions(origin),
  ].map(option => (typeof option === 'string' ? option : option.join('=')))
}

/** The address that the packages are fetched from, as far as that is known without asking. */
export const fetchedFrom = ({ given, release, arch, near }: Origin): string => {
  const { archive, moved } = archivesOf(release, arch)
  // A mirror near this machine has dropped what the archive itself has.
  return given.answers.mirror ?? (archive === moved ? archive : (near ?? archive))
}

/** Ubuntu keeps most of its packages in universe, and what is included is looked for there too. */
const packageOptions = ({ given, release }: Origin): [string, string][] => {
  const { include } = given.answers
  if (include.length === 0) return []
  const { includeFrom } = debSettings(release)
  const packages: [string, string] = ['--include', include.join(',')]
  return includeFrom === undefined ? [packages] : [packages, ['--components', includeFrom]]
}

/** The place of a keyring that the person named. */
type PlaceOf = (keyring: string) => string

const originOptions = (origin: Origin, keyringAt: PlaceOf): string[] => {
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

/**
 * debootstrap finds Debian's and Ubuntu's keys by itself but for old releases: it may look for those among keys that were
 * taken back. For a distribution that borrows a script it would look for the keys of the one that the script is of.
 */
const keyringOptions = (origin: Origin, at: PlaceOf): [string, string][] => {
  const { keyring } = origin.given.answers
  if (keyring !== null) return [['--keyring', at(keyring)]]
  if (!isEnded(origin) && !descends(origin)) return []
  return [['--keyring', archivesOf(origin.release, origin.arch).keyring]]
}

/** A recipe may have taken over Debian's origin, and then is not Debian all the same. */
const descends = ({ distribution }: Origin): boolean => !hasOurKeys(distribution)

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
  const { mirroredSecurity } = debSettings(release)
  const beside = mirroredSecurity === 'beside'
  const moved = others.map(source => ({
    ...source,
    // Ubuntu's mirrors hold the security updates with the rest, Debian's in a folder of their own.
    url: source.url === archive || beside ? base : `${base}${mirroredSecurity}`,
  }))
  return [
    '--source',
    lineOf({ ...main!, url: base }),
    ...moved.flatMap(source => ['--source-if-there', lineOf(source)]),
  ]
}
