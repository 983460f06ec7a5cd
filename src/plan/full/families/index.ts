import type { FamilyName } from '../../../catalog/settings.ts'
import type { Distribution } from '../../../catalog/types.ts'
import { apk } from './apk/index.ts'
import { busybox } from './busybox/index.ts'
import { deb } from './deb/index.ts'
import { dnf } from './dnf/index.ts'
import type { Family } from './family.ts'
import { pacman } from './pacman/index.ts'
import { zypper } from './zypper/index.ts'

/** Every family that is built, by its name in distro.json. */
const FAMILIES: Record<FamilyName, Family> = { deb, apk, dnf, zypper, pacman, busybox }

/** Returns the family of a distribution. */
export const familyOf = ({ family }: Pick<Distribution, 'family'>): Family => FAMILIES[family]
