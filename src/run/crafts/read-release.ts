import { resolve } from 'node:path'
import { fileIn } from '../../oci/file-in.ts'
import { CraftError } from './craft-error.ts'
import type { Craft } from './craft.ts'

/** Reads in an archive's image what it is; it must have the line that the plan asks for. */
export const readRelease: Craft<'read-release'> = async (
  { archive, file, line },
  { project, signal },
) => {
  const text = await fileIn(resolve(project.directory, archive), file, signal)
  const lines = text?.split('\n') ?? []
  if (!lines.includes(line))
    throw new CraftError(
      'release-wrong',
      text === null ? `The image has no ${file}.` : `${file} in the image has no line ${line}.`,
      ['The mirror has another release under this name: give another --mirror.'],
    )
  return { lines, result: line }
}
