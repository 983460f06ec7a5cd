import { provisionsOf, satisfies } from './catalogue.ts'
import type { Catalogue, Provider } from './catalogue.ts'
import { fits } from './dependency.ts'
import type { Dependency } from './dependency.ts'
import { Selection } from './selection.ts'
import { fullName } from './types.ts'
import type { ApkPackage } from './types.ts'
import { notFound, unmet } from './unmet.ts'
import type { DeadEnd } from './unmet.ts'

const MOST_TRIES = 20_000

/**
 * Returns the packages that a world file asks for with everything that they need, unordered: of each name the version that
 * apk prefers, conflicts kept, and what comes by itself (`install_if`). Throws BootstrapError: `include-unknown` when
 * a name of the world is nowhere, `dependency-unmet` when no set of packages does.
 */
export const solve = (world: readonly Dependency[], catalogue: Catalogue): ApkPackage[] => {
  for (const each of world) {
    if (!each.conflict && catalogue.providers(each.name).length === 0) {
      throw notFound(each, catalogue)
    }
  }
  const search = new Search(catalogue)
  const selection = new Selection()
  for (const each of world) selection.ask(each, null)
  if (!search.complete(selection)) throw unmet(search.deepest, catalogue)
  search.addConditional(selection)
  return selection.packages()
}

class Search {
  readonly #catalogue: Catalogue
  #tries = 0
  deepest: DeadEnd | null = null

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
  }

  /** Returns whether everything that is asked for could be chosen; if not, the selection is as it was. */
  complete(selection: Selection): boolean {
    const next = this.#next(selection)
    if (next === null) return true
    for (const each of next.candidates) {
      if (++this.#tries > MOST_TRIES) return false
      const mark = selection.mark()
      if (selection.add(each) && this.complete(selection)) return true
      selection.undo(mark)
    }
    this.#note({
      dependency: next.dependency,
      by: next.by,
      rivals: this.#catalogue.providers(next.dependency.name).map(each => each.package),
      depth: selection.packages().length,
    })
    return false
  }

  /** Adds what comes by itself, until nothing more does; what can't be added is left out, as apk does. */
  addConditional(selection: Selection): void {
    for (let before = -1; before !== selection.packages().length;) {
      before = selection.packages().length
      for (const each of this.#catalogue.conditional) {
        if (selection.chosen(each.name) !== undefined) continue
        if (!each.installIf.every(dependency => selection.satisfied(dependency))) continue
        const mark = selection.mark()
        if (!selection.add(each) || !this.complete(selection)) selection.undo(mark)
      }
    }
  }

  #note(end: DeadEnd): void {
    if (this.deepest === null || end.depth > this.deepest.depth) this.deepest = end
  }

  // What leaves no choice goes first: a choice is then made among what already exists.
  #next(selection: Selection): Task | null {
    let best: Task | null = null
    for (const { dependency, by } of selection.open()) {
      const candidates = this.#candidates(dependency, selection)
      const choices = new Set(candidates.map(each => each.name)).size
      if (best === null || choices < best.choices) best = { dependency, by, candidates, choices }
      if (best.choices <= 1) break
    }
    return best
  }

  #candidates(dependency: Dependency, selection: Selection): ApkPackage[] {
    return this.#catalogue
      .providers(dependency.name)
      .filter(each => fits(dependency, each.provision) && mayBeTaken(each, dependency, selection))
      .map(each => each.package)
      .filter(each => selection.allows(each))
  }
}

interface Task {
  readonly dependency: Dependency
  readonly by: ApkPackage | null
  readonly candidates: readonly ApkPackage[]
  readonly choices: number
}

// A virtual name chooses nobody: only a priority, or being asked for by its own name, does.
const mayBeTaken = (each: Provider, dependency: Dependency, selection: Selection): boolean =>
  each.provision.version !== null ||
  each.package.priority > 0 ||
  each.package.name === dependency.name ||
  selection.isAskedFor(each.package.name)

/** Returns the packages in apk's order of work: what a package needs comes before it, the world by name. */
export const inOrder = (
  world: readonly Dependency[],
  packages: readonly ApkPackage[],
): ApkPackage[] => {
  const providers = new Map<string, ApkPackage[]>()
  for (const each of packages) {
    for (const { name } of provisionsOf(each)) {
      providers.set(name, [...(providers.get(name) ?? []), each])
    }
  }
  const conditional = packages.filter(each => each.installIf.length > 0)
  const seen = new Set<ApkPackage>()
  const done: ApkPackage[] = []
  const visit = (dependency: Dependency): void => {
    if (dependency.conflict) return
    const found = providers.get(dependency.name)?.find(each => satisfies(each, dependency))
    if (found !== undefined) place(found)
  }
  const place = (each: ApkPackage): void => {
    if (seen.has(each)) return
    seen.add(each)
    each.depends.forEach(visit)
    done.push(each)
    for (const other of conditional) {
      if (other.installIf.every(test => done.some(one => satisfies(one, test)))) place(other)
    }
  }
  world.toSorted((a, b) => compareNames(a.name, b.name)).forEach(visit)
  packages.toSorted((a, b) => compareNames(fullName(a), fullName(b))).forEach(place)
  return done
}

/** Returns apk's order of names: by letters whatever their case, then by bytes. */
export const compareNames = (a: string, b: string): number => {
  const order = compareBytes(a.toLowerCase(), b.toLowerCase())
  return order === 0 ? compareBytes(a, b) : order
}

const compareBytes = (a: string, b: string): number => Number(a > b) - Number(a < b)
