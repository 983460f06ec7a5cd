import { keyringInside } from '../../../../ask/saved.ts'
import type { SettingsOf } from '../../../../catalog/settings.ts'
import type { ScriptInputs } from '../../inputs.ts'
import type { Family } from '../family.ts'
import { expectWords, machineName, managerWords, packageWords } from '../rpm-words.ts'

/** Returns the options of assets/families/pacman/bootstrap.sh. */
const options = (inputs: ScriptInputs): string[] => {
  const { given, release, distribution, arch } = inputs
  const { mirror, keyring, slim } = given.answers
  const { repositories } = distribution.settings as unknown as SettingsOf<'pacman'>
  return [
    '--release',
    release.codename,
    ...packageWords(inputs),
    ...expectWords(inputs),
    '--machine',
    machineName(arch),
    ...repositories.flatMap(name => ['--repository', name]),
    // Without a mirror the builder's own list of mirrors is used.
    ...(mirror === null ? [] : ['--mirror', mirror]),
    ...(keyring === null ? [] : ['--keyring', keyringInside(keyring)]),
    ...(slim ? ['--slim'] : []),
  ]
}

/** Arch Linux: made by pacman. */
export const pacman: Family = {
  tool: 'pacman',
  routes: ['container'],
  ownScripts: ['bootstrap.sh'],
  builderPackages: ({ distribution }) => distribution.builder.packages,
  install: {
    script: 'set -e; pacman -Sy --noconfirm --needed "$@" 1>&2; rm -rf /var/cache/pacman/pkg/*',
    reader: 'lines',
    setup: [],
    lines: packages => [`pacman -Sy --noconfirm --needed ${packages.join(' ')}`],
  },
  options,
  progress: [],
  reader: 'script',
  rights: ['SETFCAP'],
  containerOptions: [],
  archName: machineName,
  words: managerWords(
    'pacman',
    "pacman downloads the distribution's own packages, checks their signatures and installs them into an empty folder, scripts and all.",
  ),
}
