import { join } from 'node:path'
import type { ProjectFile } from '../craft-inputs.ts'
import type { ScriptInputs } from './inputs.ts'

/** The scripts that a root filesystem is made with. */
export const SCRIPTS = ['bootstrap.sh', 'pack.sh', 'verify.sh'] as const

export type ScriptName = (typeof SCRIPTS)[number]

/**
 * Returns a script's path: the distribution's own, absolute, else its family's or the one that it borrows, else that of all
 * families, below assets/.
 */
export const scriptAsset = (
  { distribution, family }: Pick<ScriptInputs, 'distribution' | 'family'>,
  script: ScriptName,
): string => {
  if (distribution.scripts.includes(script)) return join(distribution.folder, script)
  const own = family.ownScripts.includes(script) ? distribution.family : 'shared'
  const folder = family.borrows?.[script] ?? own
  return `families/${folder}/${script}`
}

/** Returns the project folder's copy of a script; a recipe of the user's own may bring it. */
export const scriptFile = (
  inputs: Pick<ScriptInputs, 'distribution' | 'family'>,
  script: ScriptName,
): ProjectFile => {
  const { distribution } = inputs
  return distribution.scripts.includes(script)
    ? { file: script, copyOf: join(distribution.folder, script), includes: true }
    : { file: script, asset: scriptAsset(inputs, script), values: {} }
}
