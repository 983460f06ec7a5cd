import { join } from 'node:path'
import { keyringInside, keyringName } from '../../../../ask/saved.ts'
import { debianArch } from '../../../../catalog/archives.ts'
import { releaseTitle } from '../../../../catalog/releases.ts'
import type { SettingsOf } from '../../../../catalog/settings.ts'
import { APT_INSTALL } from '../../../builder.ts'
import type { RootInputs } from '../../../craft-inputs.ts'
import type { FullInputs, Origin } from '../../inputs.ts'
import { alpineArch } from '../apk/options.ts'
import type { Family } from '../family.ts'

const settingsOf = ({ distribution }: Pick<Origin, 'distribution'>): SettingsOf<'busybox'> =>
  distribution.settings as unknown as SettingsOf<'busybox'>

const isMuslOf = ({ given }: Pick<Origin, 'given'>): boolean => given.answers.variant === 'musl'

/** The options of assets/families/busybox/bootstrap.sh, which takes the architecture that its container has. */
const scriptOptions = (origin: Origin): string[] => {
  const { debian, alpine } = settingsOf(origin)
  const { mirror, keyring } = origin.given.answers
  const isMusl = isMuslOf(origin)
  return [
    '--version',
    versionOf(origin),
    ...(isMusl
      ? ['--branch', alpine.branch, '--repository', alpine.repository]
      : ['--suite', debian.suite]),
    ...(mirror === null
      ? ['--archive', isMusl ? alpine.archive : debian.archive]
      : ['--mirror', mirror]),
    ...(keyring === null ? [] : ['--keyring', keyringInside(keyring)]),
  ]
}

const versionOf = ({ release }: Pick<Origin, 'release'>): string =>
  release.version ?? release.codename

/** apt needs certificates for https, which Debian's slim image lacks; Alpine's has them. */
const builderPackages = (origin: Origin): string[] =>
  !isMuslOf(origin) && origin.given.answers.mirror?.startsWith('https:') === true
    ? ['ca-certificates']
    : []

const builtInInput = (inputs: FullInputs): RootInputs['pack-busybox'] => {
  const { given, arch } = inputs
  const { debian, alpine } = settingsOf(inputs)
  const { mirror, keyring } = given.answers
  const isMusl = isMuslOf(inputs)
  return {
    version: versionOf(inputs),
    mirror: mirror ?? (isMusl ? alpine.archive : debian.archive),
    architecture: isMusl ? alpineArch(arch) : debianArch(arch),
    ...(isMusl
      ? { libc: 'musl', branch: alpine.branch, repository: alpine.repository }
      : { libc: 'glibc', suite: debian.suite }),
    keyring: keyring === null ? null : join(given.places.directory, keyringName(keyring)),
  }
}

/** BusyBox: one program of a signed package, made with no container at all. */
export const busybox: Family = {
  tool: 'busybox',
  routes: ['built-in'],
  ownScripts: ['bootstrap.sh', 'verify.sh'],
  // It packs with BusyBox's tar, too, which is all that Alpine's builder has.
  borrows: { 'pack.sh': 'apk' },
  builder: origin =>
    isMuslOf(origin) ? `alpine:${settingsOf(origin).alpine.branch.replace(/^v/, '')}` : null,
  builderPackages,
  install: {
    script: APT_INSTALL,
    reader: 'apt',
    setup: ['export DEBIAN_FRONTEND=noninteractive'],
    lines: packages => [
      'apt-get update',
      `apt-get install --yes --no-install-recommends ${packages.join(' ')}`,
    ],
  },
  options: scriptOptions,
  progress: [],
  reader: 'script',
  rights: [],
  containerOptions: [],
  archName: debianArch,
  words: {
    whyBuilder: builder => `${builder} has the signed package that BusyBox is taken from.`,
    wrongBuilder: "so the program in it would be another architecture's.",
    prepareTitle: 'Put BusyBox in it',
    whyPrepare: 'The builder with the package is kept, so that the next time starts here.',
    notPrepared: 'The engine did not keep the builder with BusyBox in it.',
    whyBootstrap: 'The program is copied, and a link is made for each of its commands.',
    todo: ['Run the same command again: downloads fail now and then.'],
    verifyTitle: 'Look deeper: links, root',
    whyVerify: 'Every link must lead to the program, and root must have no password.',
  },
  builtIn: {
    craft: 'pack-busybox',
    title: ({ release }) => `Make ${releaseTitle(release)} of a signed package`,
    why: () =>
      'BusyBox is one static program that acts as 300 commands, by the name it is called with. So an image is that program, a link for each name, and a few files. The program comes from a signed package; the names are read out of it, so it does not run here.',
    input: builtInInput,
    notices: () => [
      'BusyBox is made with no container at all, so it becomes an archive: docker load or podman load takes it.',
    ],
  },
}
