import { dirname, join } from 'node:path'
import { programFor } from '../../plan/names.ts'
import { tarEntries } from '../../tar/read.ts'
import { TarProblem } from '../../tar/problem.ts'
import { writeWhole } from '../project/files.ts'
import { refuseLinks } from '../project/tree.ts'
import { CraftError } from './craft-error.ts'
import type { Craft } from './craft.ts'
import { counted } from '../../text/units.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** A static program that is larger than this is none that a C file makes. */
const MOST_BYTES = 500_000_000

/** Takes the programs for several architectures from a tar on stdin, and nothing else. */
export const unpackPrograms: Craft<'unpack-programs'> = async (
  { file, archs },
  { project, stdin },
) => {
  const wanted = new Set(archs.map(arch => programFor(arch, file)))
  const lines: string[] = []
  try {
    if (stdin === undefined) throw new TarProblem('nothing is connected to it')
    for await (const { kind, path, size, body } of tarEntries(stdin, { strict: true })) {
      if (kind !== 'file' || !wanted.delete(path)) continue
      if (size > MOST_BYTES) throw new TarProblem(`${path} has ${size} bytes`)
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(Buffer.from(chunk))
      await refuseLinks(project.directory, path)
      await makeFolders(dirname(join(project.directory, path)))
      await writeWhole(join(project.directory, path), Buffer.concat(chunks), 0o755)
      lines.push(`${path}: ${counted(size, 'byte')}`)
    }
  } catch (error) {
    if (!(error instanceof TarProblem)) throw error
    throw new CraftError(
      'bad-tar',
      `The programs came as a tar that can't be read: ${error.message}.`,
    )
  }
  if (wanted.size > 0)
    throw new CraftError('no-program', `The compiler left no ${[...wanted].join(', no ')}.`)
  return { lines }
}
