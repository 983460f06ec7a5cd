import { join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { readText } from '../text/read-text.ts'
import { DISTRO_FILE, distributionOf, SCRIPT_NAMES, type DistroFile } from './read-distribution.ts'
import { wrongInDistro } from './schema.ts'
import type { Distribution } from './types.ts'
import { entryAt, isFolder } from '../text/there.ts'

/** A distro.json is a few kilobytes; what is larger is something else. */
const MOST = 1024 * 1024

/**
 * Returns the distribution of a recipe folder, as a person named it, checked against the schema. Throws UsageError that
 * names every fault: no folder, no distro.json, a link that leads out of it, unknown or missing keys.
 */
export const readRecipe = (text: string, base: string): Distribution => {
  const folder = resolve(base, text)
  const faults = faultsOf(folder)
  if (faults.length > 0)
    throw new UsageError(`--recipe: ${text} can't be taken: ${faults[0]}.`, [
      ...faults.slice(1).map(fault => `Also: ${fault}.`),
      `Mend it, then: create-base-image recipe check ${text}`,
    ])
  return distributionOf(parsedOf(folder) as DistroFile, folder, true)
}

/** Returns what is wrong with a recipe folder, a line each; nothing when it can be taken. */
export const faultsOf = (folder: string): string[] => {
  if (!isFolder(folder)) return ['there is no such folder']
  const files = [DISTRO_FILE, ...SCRIPT_NAMES].map(name => faultOfFile(folder, name))
  const faults = files.filter(fault => fault !== null)
  if (faults.length > 0) return faults
  try {
    return wrongInDistro(parsedOf(folder)).map(wrong => `${DISTRO_FILE}: ${wrong}`)
  } catch (error) {
    return [`${DISTRO_FILE} is not JSON: ${(error as Error).message}`]
  }
}

const parsedOf = (folder: string): unknown =>
  JSON.parse((readText(join(folder, DISTRO_FILE), { most: MOST }) ?? '').replace(/^\uFEFF/, ''))

/** A link may lead to any file of the machine, which would then stand in the project folder. */
const faultOfFile = (folder: string, name: string): string | null => {
  const found = entryAt(join(folder, name))
  if (found === undefined) return name === DISTRO_FILE ? `it has no ${DISTRO_FILE}` : null
  if (found.isSymbolicLink()) return `${name} is a link, and a recipe holds its own files`
  if (!found.isFile()) return `${name} is not a regular file`
  return found.size > MOST ? `${name} is larger than 1 MB` : null
}
