import { join } from 'node:path'
import { keyringName, LOCK_FILE, sourcesPlace } from '../../../../ask/saved.ts'
import { archivesOf } from '../../../../catalog/archives.ts'
import { releaseTitle } from '../../../../catalog/releases.ts'
import { SBOMS } from '../../../names.ts'
import { isDistroless } from '../../distroless.ts'
import type { FullInputs } from '../../inputs.ts'
import type { BuiltIn } from '../family.ts'

/** How Debian and Ubuntu are made by this tool itself: see src/run/rootfs/make-root.ts. */
export const builtIn: BuiltIn = {
  craft: 'pack-deb',
  nameless: true,
  configures: inputs => !isDistroless(inputs),
  index: {
    craft: 'read-deb-index',
    title: ({ release, given }) =>
      given.answers.locked === null
        ? `Read the signed index of ${release.codename}`
        : `Read ${LOCK_FILE}`,
    why: ({ given }) => (given.answers.locked === null ? WHY_INDEX : WHY_LOCK),
  },
  keeps: ({ given }) => [...(given.answers.locked === null ? [LOCK_FILE] : []), ...SBOMS],
  title: ({ release }) => `Make ${releaseTitle(release)} of its packages`,
  why: inputs => (isDistroless(inputs) ? WHY_DISTROLESS : whyConfigured(inputs)),
  input: inputs => {
    const { release, arch, given, engine, facts, near } = inputs
    const { variant, include, mirror, keyring, slim, updates, snapshot, locked, sources } =
      given.answers
    const inFolder = (name: string): string => join(given.places.directory, name)
    return {
      release: release.codename,
      distro: release.distro,
      arch,
      engine: engine !== null,
      platform: (engine ?? facts).arch === arch ? null : `linux/${arch}`,
      variant,
      include,
      mirror,
      // The folder's copy has no users and passwords in it.
      ...(sources !== null && { sources }),
      near: sources !== null || isMoved(inputs) ? null : near,
      keyring: keyring === null ? null : inFolder(keyringName(keyring)),
      updates: updates ?? true,
      snapshot,
      locked: locked === null ? null : inFolder(LOCK_FILE),
      slim,
    }
  },
  shown: ({ release, arch, given, engine, facts }) => {
    const { variant, include, mirror, keyring, slim, updates, snapshot, locked, sources } =
      given.answers
    return [
      'create-base-image',
      'rootfs',
      `${release.distro}:${release.codename}`,
      ...(variant === 'minbase' ? [] : ['--variant', variant]),
      ...(include.length === 0 ? [] : ['--include', include.join(',')]),
      ...(slim ? ['--slim'] : []),
      ...(given.offline ? ['--offline'] : []),
      ...(updates === false ? ['--no-updates'] : []),
      ...(snapshot === null ? [] : ['--snapshot', snapshot]),
      ...(locked === null ? [] : ['--locked', LOCK_FILE]),
      ...(mirror === null ? [] : ['--mirror', mirror]),
      ...(keyring === null ? [] : ['--keyring', keyringName(keyring)]),
      ...(sources === null ? [] : ['--sources', sourcesPlace(sources)]),
      ...((engine ?? facts).arch === arch ? [] : ['--arch', arch]),
      ...(given.answers.engine === 'none' ? ['--engine', 'none'] : []),
    ]
  },
  notices: inputs => (isDistroless(inputs) ? DISTROLESS_NOTICES : []),
}

const whyConfigured = ({ engine }: FullInputs): string =>
  `A package is an archive of files with scripts for its setup. The files are put into one tar as they are downloaded; then the real dpkg sets the packages up in ${engine === null ? 'namespaces of this machine’s own kernel, which is what a container is:' : 'a container'} without network, with few rights, which sees none of your files. Times and order in the result are fixed, so the same answers give the same image again.`

const WHY_DISTROLESS =
  'A package is a signed archive of files, so an image can be made from packages without running anything in them. Their files are put into one tar as they are downloaded, without documents but with licences, and beside them what scanners read of each. What scripts would have made and every program needs is written: the bundle of certificates, users, /tmp. No engine and no rights are needed, on any system.'

const DISTROLESS_NOTICES = [
  'A distroless image has no shell and no package manager, unless --include names one: RUN in a Dockerfile finds nothing to run it with, so copy finished programs into it.',
]

const WHY_INDEX =
  'An archive signs a list of all its packages. The signature is checked with the distribution’s keys, and every package later with the list. When it is the same list as last time, nothing has to be made anew.'

const WHY_LOCK =
  'A lock names every package with its hash, so no index is asked: the same lock gives the same image, today and next year. What the mirror no longer has comes from the archive’s history.'

/** A mirror near this machine has dropped what has left its archive. */
const isMoved = ({ release, arch }: FullInputs): boolean => {
  const { archive, moved } = archivesOf(release, arch)
  return archive === moved
}
