import { compareVersions } from './version.ts'

/** A package of two sets in different versions. */
export interface ChangedVersion {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** How one set of packages differs from an earlier one; each list in name order. */
export interface PackageChanges {
  readonly newer: readonly ChangedVersion[]
  /** In an older version than before, as when a mirror is behind. */
  readonly older: readonly ChangedVersion[]
  readonly added: readonly { readonly name: string; readonly version: string }[]
  readonly removed: readonly { readonly name: string; readonly version: string }[]
}

type Named = readonly { readonly name: string; readonly version: string }[]

/** Returns what differs between the packages of an earlier set or lock and those of a later one. */
export const packageChanges = (before: Named, after: Named): PackageChanges => {
  const old = new Map(before.map(({ name, version }) => [name, version]))
  const now = new Map(after.map(({ name, version }) => [name, version]))
  const changed = [...now]
    .flatMap(([name, to]) => {
      const from = old.get(name)
      return from === undefined || from === to ? [] : { name, from, to }
    })
    .sort(byName)
  const only = (some: Named, others: ReadonlyMap<string, string>) =>
    some
      .filter(({ name }) => !others.has(name))
      .map(({ name, version }) => ({ name, version }))
      .sort(byName)
  return {
    newer: changed.filter(({ from, to }) => compareVersions(to, from) > 0),
    older: changed.filter(({ from, to }) => compareVersions(to, from) < 0),
    added: only(after, old),
    removed: only(before, now),
  }
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1
