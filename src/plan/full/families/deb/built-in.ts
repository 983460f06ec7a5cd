import { join } from 'node:path'
import { keyringName } from '../../../../ask/saved.ts'
import { archivesOf } from '../../../../catalog/archives.ts'
import { releaseTitle } from '../../../../catalog/releases.ts'
import type { FullInputs } from '../../inputs.ts'
import type { BuiltIn } from '../family.ts'

/** How Debian and Ubuntu are made by this tool itself: see src/run/rootfs/make-root.ts. */
export const builtIn: BuiltIn = {
  craft: 'pack-deb',
  configures: true,
  index: {
    craft: 'read-deb-index',
    why: 'An archive signs a list of all its packages. The signature is checked with the distribution’s keys, and every package later with the list. When it is the same list as last time, nothing has to be made anew.',
  },
  title: ({ release }) => `Make ${releaseTitle(release)} of its packages`,
  why: 'A package is an archive of files with scripts for its setup. The files are put into one tar as they are downloaded; then the real dpkg sets the packages up in a container without network, with few rights, which sees none of your files. Times and order in the result are fixed, so the same answers give the same image again.',
  input: inputs => {
    const { release, arch, given, engine, near } = inputs
    const { variant, include, mirror, keyring, slim } = given.answers
    return {
      release: release.codename,
      distro: release.distro,
      arch,
      platform: engine?.arch === arch ? null : `linux/${arch}`,
      variant,
      include,
      mirror,
      near: isMoved(inputs) ? null : near,
      keyring: keyring === null ? null : join(given.places.directory, keyringName(keyring)),
      slim,
    }
  },
  shown: ({ release, arch, given, engine }) => {
    const { variant, include, mirror, keyring, slim } = given.answers
    return [
      'create-base-image',
      'rootfs',
      `${release.distro}:${release.codename}`,
      ...(variant === 'minbase' ? [] : ['--variant', variant]),
      ...(include.length === 0 ? [] : ['--include', include.join(',')]),
      ...(slim ? ['--slim'] : []),
      ...(mirror === null ? [] : ['--mirror', mirror]),
      ...(keyring === null ? [] : ['--keyring', keyringName(keyring)]),
      ...(engine?.arch === arch ? [] : ['--arch', arch]),
    ]
  },
  notices: () => [],
}

/** A mirror near this machine has dropped what has left its archive. */
const isMoved = ({ release, arch }: FullInputs): boolean => {
  const { archive, moved } = archivesOf(release, arch)
  return archive === moved
}
