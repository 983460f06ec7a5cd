import { keyringInside } from '../../../../ask/saved.ts'
import { variantOf } from '../../../../ask/questions/variant.ts'
import type { SettingsOf } from '../../../../catalog/settings.ts'
import type { Release } from '../../../../catalog/types.ts'
import type { Origin } from '../../inputs.ts'

/** The options of assets/families/apk/bootstrap.sh. */
export const bootstrapOptions = (origin: Origin): string[] => {
  const { given, release, arch } = origin
  const { mirror, keyring } = given.answers
  return [
    '--branch',
    branchOf(release),
    ...(release.version === null ? [] : ['--version', release.version]),
    '--arch',
    alpineArch(arch),
    ...settingsOf(origin).repositories.flatMap(name => ['--repository', name]),
    '--packages',
    packagesOf(origin).join(','),
    ...(mirror === null ? ['--archive', settingsOf(origin).archive] : ['--mirror', mirror]),
    ...(keyring === null ? [] : ['--keyring', keyringInside(keyring)]),
  ]
}

/** Returns the release's folder in the archive: `v3.20`, or `edge`. */
export const branchOf = ({ codename, version }: Release): string =>
  version === null ? codename : `v${version}`

/** Returns the packages that are asked for: the variant's, and what is included. */
export const packagesOf = ({ given: { answers }, distribution }: Origin): string[] => [
  ...new Set([...variantOf(distribution, answers.variant).packages, ...answers.include]),
]

/** Returns the settings of the distribution, which is one of the apk family. */
export const settingsOf = ({ distribution }: Pick<Origin, 'distribution'>): SettingsOf<'apk'> =>
  distribution.settings as unknown as SettingsOf<'apk'>

/** Returns Alpine's name of an architecture that Go names; armv7 for `arm`. Others stay as they are. */
export const alpineArch = (arch: string): string => NAMES[arch] ?? arch

const NAMES: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  '386': 'x86',
  arm: 'armv7',
  loong64: 'loongarch64',
}
