import type { FamilyName } from '../../catalog/settings.ts'
import type { Distribution } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const include: Question<readonly string[]> = {
  ...flagOf('include'),
  prompt: {
    label: 'Besides',
    message: 'Any other packages?',
    hint: 'Names as the distribution has them, separated by commas. Leave it empty for none.',
  },
  parse: text => {
    const names = text.split(/[\s,]+/).filter(Boolean)
    for (const name of names) checkName(name)
    return [...new Set(names)]
  },
}

/** What is said of packages that a family's least lacks and many programs need. */
export const INCLUDE_HINTS: { readonly [family in FamilyName]?: string } = {
  deb: 'Names separated by commas: https needs ca-certificates, and tzdata has the time zones. Leave it empty for none.',
}

/** Names as every distribution has them; Debian's are fewer, and `checkIncludes` knows whose they are. */
const checkName = (name: string): void => {
  if (!/^[a-z0-9][\w+.-]*$/i.test(name))
    throw noName(name, 'letters, digits, "+", "-", "_" and "."')
}

/** Returns whether there are packages that could be added: BusyBox is one program, and has no package manager. */
export const hasPackages = ({ family }: Pick<Distribution, 'family'>): boolean =>
  family !== 'busybox'

/**
 * Throws UsageError for a name that no package of the distribution can have: Fedora has NetworkManager, Debian has no
 * capitals, BusyBox has no packages at all.
 */
export const checkIncludes = (
  one: Pick<Distribution, 'family' | 'title'>,
  names: readonly string[],
): void => {
  if (names.length > 0 && !hasPackages(one))
    throw new UsageError(
      `--include ${names.join(',')}: ${one.title} is one program, and no packages can be added to it.`,
      ['Leave --include out.', 'Or take Alpine, which is small and has packages: --release alpine'],
    )
  if (one.family !== 'deb') return
  // The form of Debian Policy 5.6.1.
  const wrong = names.find(name => !/^[a-z0-9][a-z0-9+.-]+$/.test(name))
  if (wrong !== undefined) throw noName(wrong, 'lower-case letters, digits, "+", "-" and "."')
}

const noName = (name: string, form: string): UsageError =>
  new UsageError(`--include: "${name}" is not a package name.`, [
    `A name has ${form}; several are separated by commas: curl,ca-certificates`,
  ])
