import { keyringInside } from '../../../../ask/saved.ts'
import { movedTo } from '../../../../catalog/archives.ts'
import { fill } from '../../../../catalog/releases.ts'
import type { SettingsOf } from '../../../../catalog/settings.ts'
import type { ScriptInputs } from '../../inputs.ts'
import type { Family } from '../family.ts'
import { expectWords, FEW_FILES, machineName, managerWords, packageWords } from '../rpm-words.ts'

/** Returns the options of assets/families/dnf/bootstrap.sh. */
const options = (inputs: ScriptInputs): string[] => {
  const { given, release, distribution, arch } = inputs
  const { mirror, keyring, slim } = given.answers
  const { paths, key, dbpath } = distribution.settings as unknown as SettingsOf<'dnf'>
  const from = mirror ?? movedTo(release, arch)
  const place = (text: string): string =>
    fill(text, release).replaceAll('{machine}', machineName(arch))
  return [
    '--release',
    release.version ?? release.codename,
    ...packageWords(inputs),
    ...expectWords(inputs),
    // Without an address the builder's own repositories are used, with its list of mirrors.
    ...(from === null ? [] : ['--mirror', from, ...paths.flatMap(path => ['--path', place(path)])]),
    ...(keyring === null ? ['--key', place(key)] : ['--keyring', keyringInside(keyring)]),
    ...(dbpath === undefined ? [] : ['--dbpath', dbpath]),
    ...(slim ? ['--slim'] : []),
  ]
}

/** Fedora and what descends from it: made by dnf. */
export const dnf: Family = {
  tool: 'dnf',
  routes: ['container'],
  ownScripts: ['bootstrap.sh'],
  builderPackages: ({ distribution }) => distribution.builder.packages,
  install: {
    script:
      'set -e; dnf --assumeyes --setopt=install_weak_deps=0 install "$@" 1>&2; dnf clean all 1>&2',
    reader: 'lines',
    setup: [],
    lines: packages => [
      `dnf --assumeyes --setopt=install_weak_deps=0 install ${packages.join(' ')}`,
    ],
  },
  options,
  progress: [],
  reader: 'script',
  rights: ['SETFCAP'],
  containerOptions: FEW_FILES,
  archName: machineName,
  words: managerWords(
    'dnf',
    "dnf downloads the distribution's own packages, checks their signatures and installs them into an empty folder, scripts and all.",
  ),
}
