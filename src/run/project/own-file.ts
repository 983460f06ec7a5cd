import { chmod, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { dirname } from 'node:path/posix'
import type { ProjectFile } from '../../plan/craft-inputs.ts'
import { digestOf, fileDigest, writeWhole } from './files.ts'
import { saveState, type Project } from './project.ts'
import { CraftError } from '../crafts/craft-error.ts'
import { makeOpenFolder, refuseLinks } from './tree.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** A file of the project folder with what it is to hold. */
export type Filled = ProjectFile & { readonly content: Uint8Array }

/**
 * Writes a file of the project folder unless the person changed it since we last did; with --force theirs is kept as
 * `<file>.old`. Returns what was done in words, or null when it was as it should be. Throws CraftError when a copied
 * file was changed at both ends, and when it would write through a link.
 */
export const writeOwnFile = async (file: Filled, project: Project): Promise<string | null> => {
  const path = join(project.directory, file.file)
  const [wanted, found, recorded] = [
    digestOf(file.content),
    await fileDigest(path),
    project.state.written[file.file],
  ]
  if (found === wanted) return restoreMode(path, file, project)
  if (found !== null && found !== recorded && project.kind !== 'replaced')
    return keepChanged(file, wanted, recorded)
  await refuseLinks(project.directory, file.file)
  await makeFolders(join(project.directory, dirname(file.file)))
  if (found !== null && found !== recorded) await rename(path, `${path}.old`)
  await writeWhole(path, file.content, file.mode)
  if (found === null) return `wrote ${file.file}`
  return found === recorded
    ? `updated ${file.file}`
    : `replaced ${file.file} (yours is ${file.file}.old)`
}

/** Writes a data file below files/, readable for all. Returns what the person must know of it: that theirs was kept. */
export const writeData = async (
  file: string,
  text: string,
  project: Project,
): Promise<string[]> => {
  await makeOpenFolder(project.directory, dirname(file))
  const done = await writeOwnFile({ file, text, content: Buffer.from(text) }, project)
  await saveState(project, { written: { ...project.state.written, [file]: digestOf(text) } })
  return done?.startsWith('kept') === true ? [done] : []
}

/** A program that came through a zip file has lost its right to run. */
const restoreMode = async (
  path: string,
  { file, mode }: Filled,
  { directory }: Project,
): Promise<string | null> => {
  if (mode === undefined || (mode & 0o100) === 0 || process.platform === 'win32') return null
  if (((await stat(path)).mode & mode) === mode) return null
  await refuseLinks(directory, file)
  await chmod(path, mode)
  return `made ${file} executable`
}

const keepChanged = (file: Filled, wanted: string, recorded: string | undefined): string => {
  if (!('copyOf' in file) || wanted === recorded) return `kept your ${file.file}`
  throw new CraftError(
    'both-changed',
    `${file.file} was changed in the project folder, and ${file.copyOf} was changed too.`,
    ['Make the two alike, or take the one outside with --force (yours is kept as a .old file).'],
  )
}
