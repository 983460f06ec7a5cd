import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { assetsFolder } from '../assets.ts'
import { DISTRO_FILE, readDistribution } from './read-distribution.ts'
import type { Distribution } from './types.ts'

/** Returns where the distributions that ship are described, a folder each. */
const distrosFolder = (): string => join(assetsFolder(), 'distros')

let builtIn: readonly Distribution[] | undefined
let recipe: Distribution | undefined

/**
 * Returns every distribution: a recipe of this run first, in place of one that has its name, then those that ship, the
 * usual one first. Read once.
 */
export const distributions = (): readonly Distribution[] => {
  builtIn ??= readdirSync(distrosFolder())
    .map(name => join(distrosFolder(), name))
    .filter(folder => existsSync(join(folder, DISTRO_FILE)))
    .map(readDistribution)
    .sort((a, b) => a.order - b.order)
  const { name } = recipe ?? {}
  return recipe === undefined ? builtIn : [recipe, ...builtIn.filter(one => one.name !== name)]
}

/** Returns the distribution of a name, or undefined. */
export const findDistribution = (name: string): Distribution | undefined =>
  distributions().find(one => one.name === name)

/** Returns the distribution of a name. Throws Error for a name that no check has let through. */
export const distributionNamed = (name: string): Distribution => {
  const found = findDistribution(name)
  if (found === undefined) throw new Error(`There is no distribution ${name}.`)
  return found
}

/** Takes a recipe of the user's own into the catalogue of this run; undefined takes it out again. */
export const useRecipe = (distribution: Distribution | undefined): void => {
  recipe = distribution
}
