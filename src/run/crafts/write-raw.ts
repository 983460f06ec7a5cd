import { join } from 'node:path'
import { rawProgram } from '../../elf/raw.ts'
import type { RawArch } from '../../elf/raw-code.ts'
import { writeWhole } from '../project/files.ts'
import type { Craft } from './craft.ts'

/** What the raw program says when no message is given. */
const RAW_GREETING = `Hello from your own base image!

This program is all there is in it: two system calls, written without a compiler.
`

/** Writes the program of two system calls. */
export const writeRaw: Craft = async (input, { project }) => {
  const message = typeof input['message'] === 'string' ? `${input['message']}\n` : RAW_GREETING
  const program = rawProgram(message, input['arch'] as RawArch)
  await writeWhole(join(project.directory, String(input['file'])), program, 0o755)
  return { lines: [`${String(input['file'])}: ${program.byteLength} bytes`] }
}
