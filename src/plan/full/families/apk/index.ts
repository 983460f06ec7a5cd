import { join } from 'node:path'
import { withoutSecret } from '../../../../ask/questions/mirror.ts'
import { keyringName } from '../../../../ask/saved.ts'
import { releaseTitle } from '../../../../catalog/releases.ts'
import type { RootInputs } from '../../../craft-inputs.ts'
import type { FullInputs } from '../../inputs.ts'
import type { Family } from '../family.ts'
import { alpineArch, bootstrapOptions, branchOf, packagesOf, settingsOf } from './options.ts'

/** A recipe has no keys of its own: what others than Alpine have signed is verified by --keyring, or by its builder's keys. */
const ALPINE_KEYS = 'distros/alpine/keys'

const builtInInput = (inputs: FullInputs): RootInputs['pack-apk'] => {
  const { given, release, arch } = inputs
  const { archive, repositories } = settingsOf(inputs)
  const { mirror, keyring } = given.answers
  return {
    mirror: mirror ?? archive,
    branch: branchOf(release),
    version: release.version,
    repositories,
    architecture: alpineArch(arch),
    packages: packagesOf(inputs),
    isPartial: mirror !== null,
    writtenMirror: mirror === null ? archive : withoutSecret(mirror),
    keys: keyring === null ? ALPINE_KEYS : null,
    keyring: keyring === null ? null : join(given.places.directory, keyringName(keyring)),
    believesMirror: mirror !== null && keyring !== null,
  }
}

/** Alpine: made by apk in a container, or of its signed packages by this tool itself. */
export const apk: Family = {
  tool: 'apk',
  routes: ['container', 'built-in'],
  ownScripts: ['bootstrap.sh', 'pack.sh', 'verify.sh'],
  builderPackages: () => [],
  install: null,
  options: bootstrapOptions,
  progress: [],
  reader: 'script',
  rights: [],
  containerOptions: [],
  archName: alpineArch,
  words: {
    whyBuilder: builder =>
      `apk, Alpine's package manager, runs in a container of ${builder}, which has it and the distribution's keys. That image is only a workshop: none of its files end up in yours.`,
    wrongBuilder: 'so the scripts of the packages could not run in it.',
    prepareTitle: 'Put tools in it',
    whyPrepare: 'The builder with its tools is kept, so that the next time starts here.',
    notPrepared: 'The engine did not keep the builder with its tools.',
    whyBootstrap:
      "apk downloads the distribution's own packages, checks their signatures, unpacks them into an empty folder and runs their scripts there. Nothing is inherited: that makes it a base image. The container has few rights and sees none of your files.",
    todo: ['Run the same command again: downloads fail now and then, and it continues from here.'],
    verifyTitle: 'Look deeper: apk, root, caches',
    whyVerify:
      'A root filesystem can print its name and still be broken. This updates the index, installs a package, and asks apk whether every file is as its package brought it; all that in a container that is thrown away.',
  },
  builtIn: {
    craft: 'pack-apk',
    title: ({ release }) => `Make ${releaseTitle(release)} of its packages`,
    why: () =>
      'A package is a signed archive of files, so an image can be made from packages without running anything in them. This reads the signed index, finds what is needed, checks every package, and writes the files down with the database that apk itself would write. No engine, no apk, no rights are needed, on any system.',
    input: builtInInput,
    notices: () => [
      'Without an engine no script of a package runs. BusyBox’s links are made all the same; a user or a cache that some other package’s script would make is missing. An engine runs them: apk fix --reinstall PACKAGE.',
    ],
  },
}
