import { existsSync, readdirSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { digestOf, writeWhole } from '../project/files.ts'
import {
  isEmptyOrAbsent,
  lock,
  OURS,
  saveState,
  sweepFolders,
  unlock,
  type Project,
} from '../project/project.ts'
import { CraftError } from './craft-error.ts'
import { refuseLinks } from '../project/tree.ts'
import type { Filled } from '../project/own-file.ts'
import { makeFolders } from '../../text/make-folders.ts'

/**
 * Fills a new project folder and takes its lock. One that is not there yet appears whole; one that is there and
 * empty, or a repository that has only begun, stays the same folder, with its mode and group, and no file in it is
 * written over. Throws CraftError when another run was faster.
 */
export const fillNewFolder = (
  files: readonly Filled[],
  project: Project,
  runId: string,
): Promise<void> => (project.wasEmpty ? fillInside : fillBeside)(files, project, runId)

const fillBeside = async (
  files: readonly Filled[],
  project: Project,
  runId: string,
): Promise<void> => {
  const parent = dirname(project.directory)
  const temporary = join(parent, `.${basename(project.directory)}.create-base-image-${runId}`)
  const beside: Project = { ...project, directory: temporary }
  try {
    await makeFolders(parent)
    await sweepFolders(parent)
    await lock(beside, runId)
    await writeAll(files, temporary)
    await saveState(beside, { written: digestsOf(files) })
    await rename(temporary, project.directory).catch((error: unknown) => {
      throw isTaken(error, project.directory) ? madeMeanwhile(project.directory) : error
    })
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
  Object.assign(project, { made: true, lockedBy: runId, state: beside.state })
}

const fillInside = async (
  files: readonly Filled[],
  project: Project,
  runId: string,
): Promise<void> => {
  const { directory } = project
  const room = join(directory, OURS, 'new')
  const moved: string[] = []
  await lock(project, runId)
  try {
    if (!isAsFound(project)) throw madeMeanwhile(directory)
    await rm(room, { recursive: true, force: true })
    await writeAll(files, room)
    for (const { file } of files) {
      if (project.beside?.includes(file) || existsSync(join(directory, file))) continue
      await refuseLinks(directory, file)
      await makeFolders(dirname(join(directory, file)))
      await rename(join(room, file), join(directory, file))
      moved.push(file)
    }
    await rm(room, { recursive: true })
    await saveState(project, { written: digestsOf(files) })
  } catch (error) {
    await Promise.all(moved.map(file => rm(join(directory, file), { force: true })))
    await rm(room, { recursive: true, force: true })
    unlock(project)
    if (isAsFound(project)) await rm(join(directory, OURS), { recursive: true, force: true })
    throw error
  }
  project.made = true
}

/** True while nothing is in the folder but what stood there before. */
const isAsFound = ({ directory, beside = [] }: Project): boolean =>
  isEmptyOrAbsent(directory) ||
  readdirSync(directory).every(name => name === OURS || beside.includes(name))

const writeAll = async (files: readonly Filled[], folder: string): Promise<void> => {
  await makeFolders(folder)
  for (const { file, content, mode } of files) {
    await makeFolders(dirname(join(folder, file)))
    await writeWhole(join(folder, file), content, mode)
  }
}

const digestsOf = (files: readonly Filled[]): Record<string, string> =>
  Object.fromEntries(files.map(({ file, content }) => [file, digestOf(content)]))

/** Windows says EPERM for a rename to a folder that is there. */
const isTaken = (error: unknown, directory: string): boolean => {
  const { code = '' } = error as NodeJS.ErrnoException
  return ['ENOTEMPTY', 'EEXIST'].includes(code) || (code === 'EPERM' && existsSync(directory))
}

const madeMeanwhile = (directory: string): CraftError =>
  new CraftError('made-meanwhile', `Another run made ${directory} meanwhile.`, [
    'Run the same command again to go on with it, or name another folder.',
  ])
