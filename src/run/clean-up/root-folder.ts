import { existsSync, lstatSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RootStage, Stage } from '../../plan/types.ts'
import { plainWord } from '../../plan/shown-commands.ts'
import type { RunContext } from '../context.ts'
import { isUnlocked, OURS } from '../project/lock.ts'
import { startRoot } from '../stages/root.ts'

/**
 * Removes the folder of the plan that belongs to root, which only root can. Returns its path when it is still there,
 * as when sudo wants its password again; null when nothing is.
 */
export const removeRootFolder = async (
  context: Pick<RunContext, 'plan' | 'project' | 'env' | 'assets'>,
): Promise<string | null> => {
  const { plan, project, env, assets } = context
  const stage = plan.steps.flatMap(({ pipeline }) => pipeline).find(isRoot)
  const folder = plan.rootFolder
  if (stage === undefined || folder === null) return null
  return removeAsRoot(project.directory, folder, { sudo: stage.sudo, env, assets })
}

/** Removes a folder in `directory` as root. Returns its path when it is still there, else null. */
export const removeAsRoot = async (
  directory: string,
  folder: string,
  { sudo, env, assets }: Pick<RunContext, 'env' | 'assets'> & { readonly sudo: boolean },
): Promise<string | null> => {
  const path = join(directory, folder)
  if (!existsSync(path)) return null
  const args = ['rm', '-rf', '--one-file-system', folder]
  const removing = startRoot(
    { kind: 'root', sudo, below: folder, args },
    { cwd: directory, env, assets, resolve: plainWord },
  )
  removing.stdout.resume()
  removing.stderr.resume()
  await removing.ended
  return existsSync(path) ? path : null
}

/** The project folders in `parent`, and `parent` itself, in which a dead run left this folder of root's. */
export const withRootFolder = async (parent: string, folder: string): Promise<string[]> => {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter(entry => entry.isDirectory()).map(({ name }) => join(parent, name))
  return [parent, ...folders].filter(
    path =>
      existsSync(join(path, folder)) &&
      [path, join(path, OURS)].every(isOwnFolder) &&
      isUnlocked(path),
  )
}

/** Somebody else's folder, or a link, could lead root to what must not be removed. */
const isOwnFolder = (path: string): boolean => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.getuid?.()
}

const isRoot = (stage: Stage): stage is RootStage => stage.kind === 'root'
