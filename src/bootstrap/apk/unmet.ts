import { BootstrapError } from '../errors.ts'
import type { Catalogue } from './catalogue.ts'
import type { Dependency } from './dependency.ts'
import { fullName } from './types.ts'
import type { ApkPackage } from './types.ts'

/** Where a search got stuck: who asked for what, and how many packages were chosen by then. */
export interface DeadEnd {
  readonly dependency: Dependency
  /** Null for the world. */
  readonly by: ApkPackage | null
  /** Packages that were tried for it, and what stood against each. */
  readonly rivals: readonly ApkPackage[]
  readonly depth: number
}

/** Returns the error for a name that no package has or provides, with the names nearest to it. */
export const notFound = (dependency: Dependency, catalogue: Catalogue): BootstrapError => {
  const near = nearest(dependency.name, catalogue.names())
  return new BootstrapError(
    'include-unknown',
    `No package of this release is called ${dependency.name}, and none provides it.`,
    near.length === 0
      ? []
      : [`Did you mean ${near.join(' or ')}? --include takes names of packages.`],
  )
}

/** Returns the error for a set of packages that can't be made: who asks for what, and why nothing does. */
export const unmet = (end: DeadEnd | null, catalogue: Catalogue): BootstrapError => {
  if (end === null) return unsolved()
  const { dependency, by } = end
  const who = by === null ? 'This image' : fullName(by)
  const rivals = [...new Set(end.rivals)]
  if (rivals.length === 0) {
    return new BootstrapError(
      'dependency-unmet',
      `${who} needs ${dependency.text}, and no package of this repository provides it.`,
      ['The mirror may be in the middle of an update: try another --mirror, or later.'],
    )
  }
  return new BootstrapError(
    'dependency-unmet',
    `${who} needs ${dependency.text}, and none of its providers can be taken: ${shown(rivals)}.`,
    [
      catalogue.providers(dependency.name).every(each => each.provision.version === null)
        ? 'Name the one that you want with --include, or leave out the package that conflicts with it.'
        : 'Leave a package out of --include, or drop the version from it.',
    ],
  )
}

const unsolved = (): BootstrapError =>
  new BootstrapError('dependency-unmet', 'No set of packages goes together.', [
    'Leave packages out of --include.',
  ])

const MOST_SHOWN = 4

const shown = (rivals: readonly ApkPackage[]): string => {
  const names = rivals.slice(0, MOST_SHOWN).map(fullName)
  const more = rivals.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}

const nearest = (wanted: string, names: Iterable<string>): string[] => {
  const scored = [...names]
    .map(name => ({ name, far: distance(wanted, name) }))
    .filter(({ far }) => far <= 2)
  return scored
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, 2)
    .map(({ name }) => name)
}

// Levenshtein's, given up as soon as the lengths alone say that it is far.
const distance = (a: string, b: string): number => {
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 3
}
