import { BootstrapError } from '../errors.ts'
import type { BootstrapRequest } from '../types.ts'
import { checkSet } from './check-set.ts'
import { firstNames } from './dependencies.ts'
import { findIncludes } from './include.ts'
import { nearestNames } from './nearest.ts'
import type { IndexedPackage, PackagesIndex } from './packages-index.ts'
import { missingOf } from './unmet.ts'
import { DISTROLESS, seedsOf, SERVES_SCRIPTS } from './variants.ts'

/** The packages of a root filesystem, each list in name order and no package in two. */
export interface Resolved {
  readonly required: readonly IndexedPackage[]
  readonly base: readonly IndexedPackage[]
  /** What `--include` adds. */
  readonly extras: readonly IndexedPackage[]
}

export type ResolveQuestion = Pick<
  BootstrapRequest,
  'distribution' | 'codename' | 'architecture' | 'variant' | 'include' | 'exclude' | 'sources'
>

/**
 * Returns exactly the packages that debootstrap would take (names and first alternatives only, no versions, no virtual
 * packages), then what includes need beyond that. Throws `include-unknown`, `exclude-needed`, `architecture-lacks`, or
 * `dependency-unmet`, which names every package that would not work and why.
 */
export const resolve = (question: ResolveQuestion, index: PackagesIndex): Resolved => {
  const { architecture, variant } = question
  const includes = findIncludes(question.include, index, architecture)
  if (variant === 'distroless') return distroless(question, includes, index)
  const pinned = new Map(includes.map(one => [one.name, one]))
  const take = (name: string) => pinned.get(name) ?? index.newest(name)
  const excluded = excludedOf(question, index)
  const https = question.sources.some(({ archive }) => archive.startsWith('https:'))
  const seeds = seedsOf({ ...question, variant, https }, index)
  if (seeds.required.length < 2)
    throw new BootstrapError(
      'architecture-lacks',
      `${question.codename} has no base system for ${architecture} there.`,
      ['Choose another architecture with --arch, or another mirror with --mirror URL.'],
    )
  const wanted = (names: readonly string[]) => names.filter(name => !excluded.has(name))
  const fill = { take, index, never: seeds.never }
  // debootstrap relies on all of `required` being there; the essential ones alone leave virtual names open.
  const required =
    variant === 'essential'
      ? filled(wanted(seeds.required), new Map(), fill)
      : closure(wanted(seeds.required), take, seeds.never)
  const base = without(closure(wanted(seeds.base), take, seeds.never), required)
  const settled = new Map([...required, ...base])
  const extras = filled(wanted([...pinned.keys()]), settled, fill)
  const all = [...settled.values(), ...extras.values()]
  refuseExcluded(excluded, all)
  checkSet(all)
  return { required: sorted(required), base: sorted(base), extras: sorted(extras) }
}

type Chosen = ReadonlyMap<string, IndexedPackage>
type Take = (name: string) => IndexedPackage | null

/** debootstrap's resolve_deps: what is not a real package is passed over. */
const closure = (seeds: readonly string[], take: Take, never: ReadonlySet<string>): Chosen => {
  const chosen = new Map<string, IndexedPackage>()
  const open = [...seeds]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (chosen.has(name)) continue
    const found = take(name)
    if (found === null) continue
    chosen.set(name, found)
    const needed = [...firstNames(found.preDepends), ...firstNames(found.depends)]
    open.push(...needed.filter(one => !never.has(one)))
  }
  return chosen
}

interface Filling {
  readonly take: Take
  readonly index: PackagesIndex
  readonly never: ReadonlySet<string>
  /** Needs that stay open. */
  readonly leftOut?: ReadonlySet<string>
}

/**
 * Packages and their dependencies, without those that are settled; where names alone leave a need open, another
 * alternative or a provider fills it.
 */
const filled = (
  names: readonly string[],
  settled: Chosen,
  { take, index, never, leftOut }: Filling,
): Chosen => {
  const seeds = [...names]
  for (;;) {
    const chosen = without(closure(seeds, take, never), settled)
    const own = [...chosen.values()]
    const missing = missingOf([...settled.values(), ...own], own, index)
    const more = missing.filter(
      name => !seeds.includes(name) && !chosen.has(name) && leftOut?.has(name) !== true,
    )
    if (more.length === 0) return chosen
    seeds.push(...more)
  }
}

const without = (some: Chosen, others: Chosen): Chosen =>
  new Map([...some].filter(([name]) => !others.has(name)))

const sorted = (chosen: Chosen): IndexedPackage[] =>
  [...chosen.values()].sort((a, b) => (a.name < b.name ? -1 : 1))

/**
 * Of its own packages only libraries are followed: the rest serves their scripts. What is included has everything that it
 * depends on but what serves scripts, because none runs.
 */
const distroless = (
  question: ResolveQuestion,
  includes: readonly IndexedPackage[],
  index: PackagesIndex,
): Resolved => {
  const excluded = excludedOf(question, index)
  const pinned = new Map(includes.map(one => [one.name, one]))
  const take: Take = name => pinned.get(name) ?? index.newest(name)
  const own = DISTROLESS.filter(name => !excluded.has(name))
  const lacking = own.filter(name => take(name) === null)
  if (lacking.length > 0)
    throw new BootstrapError(
      'architecture-lacks',
      `${question.codename} has no ${lacking.join(', ')} for ${question.architecture} there, which a distroless image is made of.`,
      ['Choose another architecture with --arch, or another mirror with --mirror URL.'],
    )
  const library: Take = name => {
    const found = take(name)
    return found !== null && (own.includes(name) || isLibrary(found)) ? found : null
  }
  const base = closure(own, library, excluded)
  const omitted = new Set([...SERVES_SCRIPTS, ...excluded])
  const fill = { take, index, never: omitted, leftOut: omitted }
  const extras = filled([...pinned.keys()], base, fill)
  const all = [...base.values(), ...extras.values()]
  checkSet(all, { needing: [...extras.values()], leftOut: SERVES_SCRIPTS })
  return { required: [], base: sorted(new Map([...base, ...extras])), extras: [] }
}

const isLibrary = ({ section }: IndexedPackage): boolean => /(^|\/)libs$/.test(section)

const excludedOf = ({ exclude }: ResolveQuestion, index: PackagesIndex): ReadonlySet<string> => {
  const names = exclude.flatMap(text => text.split(/[\s,]+/)).filter(name => name !== '')
  const unknown = names.filter(name => index.newest(name) === null)
  if (unknown.length > 0)
    throw new BootstrapError(
      'include-unknown',
      unknown.map(name => `There is no package ${name} to leave out.`).join('\n'),
      unknown.flatMap(name => {
        const nearest = nearestNames(name, index.names())
        return nearest.length === 0 ? [] : [`Did you mean ${nearest.join(' or ')}?`]
      }),
    )
  return new Set(names)
}

const refuseExcluded = (excluded: ReadonlySet<string>, all: readonly IndexedPackage[]): void => {
  const back = all.filter(({ name }) => excluded.has(name))
  if (back.length === 0) return
  const needs = back.map(({ name }) => {
    const by = all.find(one => firstNames(`${one.preDepends},${one.depends}`).includes(name))
    return `${name} can't be left out: ${by?.name ?? 'another package'} depends on it.`
  })
  throw new BootstrapError('exclude-needed', needs.join('\n'), [
    'Take it out of --exclude, or leave out what depends on it too.',
  ])
}
