import {
  parseDependencies,
  parseProvides,
  satisfies,
  type Dependency,
  type Offer,
} from './dependencies.ts'
import type { IndexedPackage, PackagesIndex, Provider } from './packages-index.ts'

/** A need that no package of a set fills. */
export interface Unmet {
  readonly package: IndexedPackage
  /** The alternatives, in order. */
  readonly alternatives: readonly Dependency[]
}

/** Returns what the packages of a set offer, by name: themselves, and what they provide. */
export const offersOf = (set: readonly IndexedPackage[]): ReadonlyMap<string, Offer[]> => {
  const offers = new Map<string, Offer[]>()
  const add = (offer: Offer) => {
    const before = offers.get(offer.name)
    if (before === undefined) offers.set(offer.name, [offer])
    else before.push(offer)
  }
  for (const one of set) {
    add({ name: one.name, version: one.version })
    for (const offer of parseProvides(one.provides)) add(offer)
  }
  return offers
}

/** Returns the dependencies of `packages` that nothing in `set` satisfies, versions and virtual packages considered. */
export const unmetOf = (
  set: readonly IndexedPackage[],
  packages: readonly IndexedPackage[],
): Unmet[] => {
  const offers = offersOf(set)
  const isMet = (alternatives: readonly Dependency[]) =>
    alternatives.some(one => offers.get(one.name)?.some(offer => satisfies(offer, one)))
  return packages.flatMap(one =>
    [one.preDepends, one.depends]
      .flatMap(parseDependencies)
      .filter(alternatives => !isMet(alternatives))
      .map(alternatives => ({ package: one, alternatives })),
  )
}

/**
 * Returns the packages that would fill what `packages` need and `set` lacks: of each need the first alternative that
 * there is, or else the package of the highest priority that provides one, as apt would take.
 */
export const missingOf = (
  set: readonly IndexedPackage[],
  packages: readonly IndexedPackage[],
  index: PackagesIndex,
): string[] => [
  ...new Set(
    unmetOf(set, packages).flatMap(({ alternatives }) => fillerOf(alternatives, index) ?? []),
  ),
]

const fillerOf = (alternatives: readonly Dependency[], index: PackagesIndex): string | null => {
  for (const one of alternatives) {
    const real = index.newest(one.name)
    if (real !== null && satisfies({ name: real.name, version: real.version }, one))
      return real.name
    const provider = index
      .providers(one.name)
      .filter(({ version }) => satisfies({ name: one.name, version }, one))
      .sort((a, b) => rankOf(a) - rankOf(b))[0]
    if (provider !== undefined) return provider.package.name
  }
  return null
}

const PRIORITIES: readonly string[] = ['required', 'important', 'standard']

const rankOf = (provider: Provider): number => {
  const rank = PRIORITIES.indexOf(provider.package.priority)
  return rank < 0 ? PRIORITIES.length : rank
}
