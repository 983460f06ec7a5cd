import { isInRelation, isVersion, type Relation } from './version.ts'

/** One alternative of a dependency: `libc6:any (>= 2.36)`. */
export interface Dependency {
  readonly name: string
  /** `any`, `native` or an architecture; null when none is named. */
  readonly qualifier: string | null
  readonly relation: Relation | null
  readonly version: string | null
}

/** What a package offers under a name: its own name with its version, or a virtual one. */
export interface Offer {
  readonly name: string
  /** Null for a name that is provided without a version, which satisfies no relation. */
  readonly version: string | null
}

/**
 * Returns a relationship field (Depends, Pre-Depends, Conflicts) as its parts, each a list of alternatives in order.
 * What is in no known form is left out with the whole alternative, and a part without alternatives with the whole part:
 * the fields of a signed index are checked by the archive itself.
 */
export const parseDependencies = (field: string): Dependency[][] =>
  field
    .split(',')
    .map(part => part.split('|').flatMap(alternative => parseOne(alternative) ?? []))
    .filter(part => part.length > 0)

/** Returns what a Provides field offers. */
export const parseProvides = (field: string): Offer[] =>
  field.split(',').flatMap(part => {
    const one = parseOne(part)
    return one === null ? [] : [{ name: one.name, version: one.version }]
  })

/** Returns the first alternatives' names alone, as debootstrap's resolver reads a Depends field. */
export const firstNames = (field: string): string[] =>
  field
    .split(',')
    .map(part => /^[^\s|(:]*/.exec(part.trim())![0])
    .filter(name => name !== '')

/** Returns whether an offer satisfies a dependency; architectures aside, since only one is bootstrapped. */
export const satisfies = (
  offer: Offer,
  { name, relation, version }: Pick<Dependency, 'name' | 'relation' | 'version'>,
): boolean => {
  if (offer.name !== name) return false
  if (relation === null || version === null) return true
  return offer.version !== null && isInRelation(offer.version, relation, version)
}

/** Returns a dependency as a control file has it: `libc6 (>= 2.36)`. */
export const printDependency = ({ name, relation, version }: Dependency): string =>
  relation === null ? name : `${name} (${relation} ${version})`

/** Package names by Debian Policy 5.6.1. */
export const isPackageName = (text: string): boolean => /^[a-z0-9][a-z0-9+.-]{1,127}$/.test(text)

const ONE =
  /^([a-zA-Z0-9][a-zA-Z0-9+.-]*)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s)]+)\s*\))?$/

const parseOne = (text: string): Dependency | null => {
  const match = ONE.exec(text.trim())
  if (match === null) return null
  const [, name, qualifier, sign, version] = match
  if (version !== undefined && !isVersion(version)) return null
  return {
    name: name!,
    qualifier: qualifier ?? null,
    relation: sign === undefined ? null : relationOf(sign),
    version: version ?? null,
  }
}

/** The single signs of long ago mean "or equal" (Debian Policy 7.1). */
const relationOf = (sign: string): Relation => {
  if (sign === '<') return '<='
  return sign === '>' ? '>=' : (sign as Relation)
}
