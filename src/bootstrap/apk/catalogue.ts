import { compareVersions } from './version.ts'
import type { Dependency, Provision } from './dependency.ts'
import { fits } from './dependency.ts'
import type { ApkPackage, Repository } from './types.ts'

/** A package under one of the names that it provides. */
export interface Provider {
  readonly package: ApkPackage
  readonly provision: Provision
}

/** All packages of all repositories by the names that they provide. */
export interface Catalogue {
  /** Returns the providers of a name, the one that apk prefers first. */
  readonly providers: (name: string) => readonly Provider[]
  /** Returns the packages that come by themselves once everything that they name is there. */
  readonly conditional: readonly ApkPackage[]
  /** Returns all names of packages, each once. */
  readonly names: () => Iterable<string>
}

/** Returns the catalogue of repositories. */
export const catalogueOf = (repositories: readonly Repository[]): Catalogue => {
  const byName = new Map<string, Provider[]>()
  const sorted = new Set<string>()
  const all = repositories.flatMap(repository => repository.packages)
  for (const each of all) {
    for (const provision of provisionsOf(each)) {
      const known = byName.get(provision.name)
      if (known === undefined) byName.set(provision.name, [{ package: each, provision }])
      else known.push({ package: each, provision })
    }
  }
  return {
    providers: name => {
      const found = byName.get(name) ?? []
      if (!sorted.has(name)) found.sort(byPreference)
      sorted.add(name)
      return found
    },
    conditional: all.filter(each => each.installIf.length > 0),
    names: () => new Set(all.map(each => each.name)),
  }
}

/** Returns everything that a package provides: first its own name in its version. */
export const provisionsOf = (each: ApkPackage): readonly Provision[] => [
  { name: each.name, version: each.version },
  ...each.provides,
]

/** Returns whether a package gives what a dependency asks for; for a conflict, whether it leaves it alone. */
export const satisfies = (each: ApkPackage, dependency: Dependency): boolean => {
  const named = provisionsOf(each).filter(provision => provision.name === dependency.name)
  if (dependency.conflict) return named.every(provision => fits(dependency, provision))
  return named.some(provision => fits(dependency, provision))
}

// apk's order: the newest under the name that is asked for, then the newest package, the priority, the first repository.
const byPreference = (a: Provider, b: Provider): number =>
  byVersion(b.provision.version, a.provision.version) ||
  (a.package.name === b.package.name ? compareVersions(b.package.version, a.package.version) : 0) ||
  b.package.priority - a.package.priority ||
  a.package.repository - b.package.repository

const byVersion = (a: string | null, b: string | null): number => {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1)
  return compareVersions(a, b)
}
