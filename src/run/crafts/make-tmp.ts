import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { writeData } from '../project/own-file.ts'
import { TMP_MODE } from '../project/tree.ts'
import type { Craft } from './craft.ts'

/** Makes the folder for temporary files, with a file in it that keeps it where empty folders are lost. */
export const makeTmp: Craft<'make-tmp'> = async ({ folder, keptBy }, { project }) => {
  const kept = await writeData(`${folder}/${keptBy}`, '', project)
  await chmod(join(project.directory, folder), TMP_MODE)
  return { lines: kept, result: '/tmp, open to all' }
}
