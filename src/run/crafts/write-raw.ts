import { dirname, join } from 'node:path'
import type { RawArch } from '../../elf/raw-code.ts'
import { rawProgram } from '../../elf/raw.ts'
import { writeWhole } from '../project/files.ts'
import type { Craft } from './craft.ts'
import { filesFor } from './files-for.ts'
import { counted } from '../../text/units.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** What the raw program says when no message is given. */
const RAW_GREETING = `Hello from your own base image!

This program is all there is in it: two system calls, written without a compiler.
`

/** Writes the program of two system calls, for each architecture that is asked for. */
export const writeRaw: Craft<'write-raw'> = async (input, { project }) => {
  const message = input.message === null ? RAW_GREETING : `${input.message}\n`
  const lines: string[] = []
  for (const { file, arch } of filesFor(input)) {
    const program = rawProgram(message, arch as RawArch)
    const path = join(project.directory, file)
    await makeFolders(dirname(path))
    await writeWhole(path, program, 0o755)
    lines.push(`${file}: ${counted(program.byteLength, 'byte')}`)
  }
  return { lines }
}
