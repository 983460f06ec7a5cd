import { join } from 'node:path'
import { inspectFile } from '../../elf/file-kind.ts'
import { refusal } from '../../elf/refusal.ts'
import { CraftError } from './craft-error.ts'
import type { Craft } from './craft.ts'
import { filesFor } from './files-for.ts'

/** Reads the program's file, or each of several, and refuses one that could not run in a scratch image. */
export const inspectProgram: Craft<'inspect-program'> = async (input, context) => {
  const { project, warned = [] } = context
  const lines: string[] = []
  let bytes = 0
  const found = filesFor(input)
  for (const { file, arch } of found) {
    const kind = await inspectFile(join(project.directory, file))
    const refused = refusal(kind, file, arch)
    if (refused !== null) throw new CraftError(refused.code, refused.what, refused.todo)
    if (kind.kind !== 'elf') throw new CraftError('not-elf', `${file} is not an ELF executable.`)
    const { linkage } = kind.elf
    lines.push(`${file}: ELF, ${arch}, ${linkage}, no interpreter, needs no library`)
    if (arch === input.arch) bytes = kind.size
  }
  const { listProgram } = await import('./write-sboms.ts')
  await listProgram(input, context)
  const archs = found.map(({ arch }) => arch).join(', ')
  return {
    lines,
    result: `ELF, ${archs}, static, ${warned.length === 0 ? 'needs nothing' : 'needs nothing to start'}`,
    values: { 'program.bytes': String(bytes) },
  }
}
