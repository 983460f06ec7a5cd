import type { Craft } from './craft.ts'
import { writeData } from '../project/own-file.ts'

/** Writes the files that give users and groups their names. */
export const writeUsers: Craft<'write-users'> = async (input, { project }) => {
  const kept: string[] = []
  for (const { file, text } of input.files) kept.push(...(await writeData(file, text, project)))
  return { lines: kept, result: kept.length === 0 ? 'root and nonroot' : kept.join(', ') }
}
