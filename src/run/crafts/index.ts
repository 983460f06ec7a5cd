import type { CraftName } from '../../plan/types.ts'
import type { Craft } from './craft.ts'
import { inspectProgram } from './inspect-program.ts'
import { packProgram } from './pack-image.ts'
import { unpackImage } from './unpack-image.ts'
import { writeProject } from './write-project.ts'
import { writeRaw } from './write-raw.ts'

/** The in-process work that plans name. */
export const crafts: Readonly<Record<CraftName, Craft>> = {
  'write-project': writeProject,
  'inspect-program': inspectProgram,
  'write-raw': writeRaw,
  'pack-image': packProgram,
  'unpack-image': unpackImage,
}
