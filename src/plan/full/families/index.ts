import type { Distribution, FamilyName } from '../../../catalog/types.ts'
import { apk } from './apk/index.ts'
import { busybox } from './busybox/index.ts'
import { deb } from './deb/index.ts'
import type { Family } from './family.ts'

/** Every family that is built, by its name in distro.json. */
const FAMILIES: Partial<Record<FamilyName, Family>> = { deb, apk, busybox }

/** Returns the family of a distribution. Throws Error for one that no check has let through. */
export const familyOf = ({ family, name }: Pick<Distribution, 'family' | 'name'>): Family => {
  const found = FAMILIES[family]
  if (found === undefined)
    throw new Error(`${name} is of the family ${family}, which is not built.`)
  return found
}
