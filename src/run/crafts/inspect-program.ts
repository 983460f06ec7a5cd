import { join } from 'node:path'
import { inspectFile } from '../../elf/file-kind.ts'
import { refusal } from '../../elf/refusal.ts'
import { CraftError } from './craft-error.ts'
import type { Craft } from './craft.ts'

/** Reads the program's file, and refuses one that could not run in a scratch image. */
export const inspectProgram: Craft = async (input, { project, warned = [] }) => {
  const [file, arch] = [String(input['file']), String(input['arch'])]
  const kind = await inspectFile(join(project.directory, file))
  const refused = refusal(kind, file, arch)
  if (refused !== null) throw new CraftError(refused.code, refused.what, refused.todo)
  if (kind.kind !== 'elf') throw new CraftError('not-elf', `${file} is not an ELF executable.`)
  return {
    lines: [
      `${file}: ELF, ${kind.elf.arch}, ${kind.elf.linkage}, no interpreter, needs no library`,
    ],
    result: `ELF, ${kind.elf.arch}, ${kind.elf.linkage}, ${warned.length === 0 ? 'needs nothing' : 'needs nothing to start'}`,
    values: { 'program.bytes': String(kind.size) },
  }
}
