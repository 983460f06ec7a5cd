import { BootstrapError } from '../errors.ts'
import { parseDependencies, printDependency, satisfies } from './dependencies.ts'
import type { IndexedPackage } from './packages-index.ts'
import { offersOf, unmetOf } from './unmet.ts'

/** What must be true of a set. */
export interface Checked {
  /** The packages whose dependencies must be met; all when absent. */
  readonly needing?: readonly IndexedPackage[]
  /** Packages that are not missed. */
  readonly leftOut?: ReadonlySet<string>
}

/**
 * Checks that all dependencies of a set are met and that no two of its packages exclude each other, as the real dpkg
 * will. Throws `dependency-unmet` with a line for each that does not hold.
 */
export const checkSet = (set: readonly IndexedPackage[], checked: Checked = {}): void => {
  const lines = [...unmetLines(set, checked), ...conflictLines(set)]
  if (lines.length === 0) return
  const shown = lines.slice(0, 10)
  const more = lines.length - shown.length
  throw new BootstrapError(
    'dependency-unmet',
    `These packages do not go together:\n${shown.join('\n')}${more > 0 ? `\nand ${more} more` : ''}`,
    [
      'The mirror may be in the middle of an update: try again later, or another with --mirror URL.',
    ],
  )
}

const unmetLines = (
  set: readonly IndexedPackage[],
  { needing = set, leftOut = new Set() }: Checked,
): string[] =>
  unmetOf(set, needing)
    .filter(({ alternatives }) => !alternatives.some(({ name }) => leftOut.has(name)))
    .map(
      ({ package: { name, version }, alternatives }) =>
        `${name} ${version} needs ${alternatives.map(printDependency).join(' or ')}`,
    )

const conflictLines = (set: readonly IndexedPackage[]): string[] => {
  const byName = offerers(set)
  return set.flatMap(one =>
    [one.conflicts, one.breaks]
      .flatMap(parseDependencies)
      .flat()
      .flatMap(excluded =>
        (byName.get(excluded.name) ?? [])
          .filter(other => other !== one && offersExcluded(other, excluded))
          .map(other => `${one.name} ${one.version} excludes ${other.name} ${other.version}`),
      ),
  )
}

type Excluded = Parameters<typeof satisfies>[1]

const offersExcluded = (other: IndexedPackage, excluded: Excluded): boolean =>
  offersOf([other])
    .get(excluded.name)!
    .some(offer => satisfies(offer, excluded))

const offerers = (set: readonly IndexedPackage[]): ReadonlyMap<string, IndexedPackage[]> => {
  const found = new Map<string, IndexedPackage[]>()
  for (const one of set)
    for (const name of offersOf([one]).keys()) {
      const before = found.get(name)
      if (before === undefined) found.set(name, [one])
      else before.push(one)
    }
  return found
}
