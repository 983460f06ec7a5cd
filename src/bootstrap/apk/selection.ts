import { provisionsOf, satisfies } from './catalogue.ts'
import { fits } from './dependency.ts'
import type { Dependency, Provision } from './dependency.ts'
import type { ApkPackage } from './types.ts'

/** Something asked for, and by whom; null is the world. */
export interface Request {
  readonly dependency: Dependency
  readonly by: ApkPackage | null
}

/** Packages chosen so far, and what they and the world ask for. It can be taken back step by step. */
export class Selection {
  readonly #chosen: ApkPackage[] = []
  readonly #requests: Request[] = []
  readonly #byName = new Map<string, ApkPackage>()
  readonly #provided = new Map<string, Provision[]>()
  readonly #asked = new Map<string, Dependency[]>()

  /** Returns the packages in the order in which they were chosen. */
  packages(): ApkPackage[] {
    return [...this.#chosen]
  }

  chosen(name: string): ApkPackage | undefined {
    return this.#byName.get(name)
  }

  /** Records that something is wanted, or for a conflict is not. */
  ask(dependency: Dependency, by: ApkPackage | null): void {
    this.#requests.push({ dependency, by })
    push(this.#asked, dependency.name, dependency)
  }

  /** Returns what is wanted and not there yet, oldest first. */
  open(): Request[] {
    return this.#requests.filter(({ dependency }) => !this.satisfied(dependency))
  }

  /** Returns whether the chosen packages give what a dependency asks for. */
  satisfied(dependency: Dependency): boolean {
    const provided = this.#provided.get(dependency.name) ?? []
    return dependency.conflict
      ? provided.every(each => fits(dependency, each))
      : provided.some(each => fits(dependency, each))
  }

  isAskedFor(name: string): boolean {
    return (this.#asked.get(name) ?? []).some(each => !each.conflict)
  }

  /** Returns whether a package goes with everything that is chosen and asked for. */
  allows(each: ApkPackage): boolean {
    if (this.#byName.has(each.name)) return this.#byName.get(each.name) === each
    return (
      provisionsOf(each).every(provision => this.#allowsProvision(each, provision)) &&
      each.depends.every(dependency => this.#allowsDependency(each, dependency))
    )
  }

  /** Chooses a package and asks for what it needs. Returns whether it could be. */
  add(each: ApkPackage): boolean {
    if (this.#byName.get(each.name) === each) return true
    if (!this.allows(each)) return false
    this.#chosen.push(each)
    this.#byName.set(each.name, each)
    for (const provision of provisionsOf(each)) push(this.#provided, provision.name, provision)
    for (const dependency of each.depends) this.ask(dependency, each)
    return true
  }

  /** Returns where it stands, for `undo`. */
  mark(): Mark {
    return { chosen: this.#chosen.length, requests: this.#requests.length }
  }

  /** Takes back everything that came after a mark. */
  undo(mark: Mark): void {
    while (this.#requests.length > mark.requests) {
      pop(this.#asked, this.#requests.pop()?.dependency.name)
    }
    while (this.#chosen.length > mark.chosen) {
      const last = this.#chosen.pop()
      if (last === undefined) break
      this.#byName.delete(last.name)
      for (const provision of provisionsOf(last).toReversed()) pop(this.#provided, provision.name)
    }
  }

  // A name in a version has one provider; nameless versions share a name.
  #allowsProvision(each: ApkPackage, provision: Provision): boolean {
    const others = this.#provided.get(provision.name) ?? []
    if (others.some(other => other.version !== null || provision.version !== null)) return false
    const asked = this.#asked.get(provision.name) ?? []
    // A package that gives a name twice, once in a version that fits, is let through.
    return asked.every(dependency => fits(dependency, provision) || satisfies(each, dependency))
  }

  #allowsDependency(each: ApkPackage, dependency: Dependency): boolean {
    if (dependency.conflict) return this.satisfied(dependency)
    const provided = this.#provided.get(dependency.name) ?? []
    return provided.length === 0 || this.satisfied(dependency) || satisfies(each, dependency)
  }
}

interface Mark {
  readonly chosen: number
  readonly requests: number
}

const push = <Value>(map: Map<string, Value[]>, key: string, value: Value): void => {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}

const pop = <Value>(map: Map<string, Value[]>, key: string | undefined): void => {
  if (key !== undefined) map.get(key)?.pop()
}
