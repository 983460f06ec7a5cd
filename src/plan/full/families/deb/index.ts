import { debianArch } from '../../../../catalog/archives.ts'
import { APT_INSTALL } from '../../../builder.ts'
import type { Family } from '../family.ts'
import { builtIn } from './built-in.ts'
import { hostSteps } from './host-steps.ts'
import { bootstrapOptions, bootstrapPackages, PROGRESS } from './options.ts'

/** Debian, Ubuntu and what descends from them: made by debootstrap. */
export const deb: Family = {
  tool: 'debootstrap',
  routes: ['built-in', 'container', 'host'],
  ownScripts: ['bootstrap.sh', 'verify.sh'],
  builderPackages: bootstrapPackages,
  install: {
    script: APT_INSTALL,
    takesMirror: true,
    reader: 'apt',
    setup: ['export DEBIAN_FRONTEND=noninteractive'],
    lines: packages => [
      'apt-get update',
      `apt-get install --yes --no-install-recommends ${packages.join(' ')}`,
    ],
  },
  options: inputs => bootstrapOptions(inputs),
  progress: [PROGRESS],
  reader: 'debootstrap',
  rights: ['MKNOD'],
  containerOptions: [],
  archName: debianArch,
  hostSteps,
  builtIn,
  words: {
    whyBuilder: builder =>
      `debootstrap runs in a container of ${builder}, because it needs a Linux system that knows the release. That image is only a workshop: none of its files end up in yours.`,
    wrongBuilder: "so debootstrap in it would make another architecture's system.",
    prepareTitle: 'Put debootstrap in it',
    whyPrepare:
      'debootstrap is the small tool that Debian and Ubuntu are installed with. The builder with it is kept as an image of its own, so that the next time starts here.',
    notPrepared: 'The engine did not keep the builder with debootstrap in it.',
    whyBootstrap:
      "debootstrap downloads the distribution's own packages, checks their signatures, and unpacks them into an empty folder: nothing is inherited, which makes it a base image. The container has few rights and sees none of your files.",
    todo: ['Run the same command again: downloads fail now and then, and it continues from here.'],
    verifyTitle: 'Look deeper: apt, dpkg, root, caches',
    whyVerify:
      'A root filesystem can print its name and still be broken. This updates the package lists, installs a package, and asks dpkg whether every file is as its package brought it; all that in a container that is thrown away.',
  },
}
