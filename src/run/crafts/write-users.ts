import type { Craft } from './craft.ts'
import { writeData } from '../project/own-file.ts'

/** Writes the files that give users and groups their names. */
export const writeUsers: Craft = async (input, { project }) => {
  const kept: string[] = []
  for (const { file, text } of input['files'] as readonly { file: string; text: string }[])
    kept.push(...(await writeData(file, text, project)))
  return { lines: kept, result: kept.length === 0 ? 'root and nonroot' : kept.join(', ') }
}
