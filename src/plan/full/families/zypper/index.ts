import { keyringInside } from '../../../../ask/saved.ts'
import { fill } from '../../../../catalog/releases.ts'
import type { SettingsOf } from '../../../../catalog/settings.ts'
import type { ScriptInputs } from '../../inputs.ts'
import type { Family } from '../family.ts'
import { expectWords, FEW_FILES, machineName, managerWords, packageWords } from '../rpm-words.ts'

/** Returns the options of assets/families/zypper/bootstrap.sh. */
const options = (inputs: ScriptInputs): string[] => {
  const { given, release, distribution, arch } = inputs
  const { mirror, keyring, slim } = given.answers
  const settings = distribution.settings as unknown as SettingsOf<'zypper'>
  const other = settings.otherArchitectures?.[arch]
  const paths = other ?? settings.paths
  return [
    '--release',
    release.version ?? release.codename,
    ...packageWords(inputs),
    ...expectWords(inputs),
    '--mirror',
    mirror ?? settings.archive,
    ...paths.flatMap(path => ['--path', fill(path, release)]),
    ...(keyring === null ? ['--keys', settings.keys] : ['--keyring', keyringInside(keyring)]),
    ...(slim ? ['--slim'] : []),
  ]
}

/** openSUSE: made by zypper. */
export const zypper: Family = {
  tool: 'zypper',
  routes: ['container'],
  ownScripts: ['bootstrap.sh'],
  builderPackages: ({ distribution }) => distribution.builder.packages,
  install: {
    script:
      'set -e; zypper --non-interactive install --no-recommends "$@" 1>&2; zypper clean --all 1>&2',
    reader: 'lines',
    setup: [],
    lines: packages => [`zypper --non-interactive install --no-recommends ${packages.join(' ')}`],
  },
  options,
  progress: [],
  reader: 'script',
  rights: ['SETFCAP'],
  containerOptions: FEW_FILES,
  archName: machineName,
  words: managerWords(
    'zypper',
    "zypper downloads the distribution's own packages, checks their signatures and installs them into an empty folder, scripts and all.",
  ),
}
