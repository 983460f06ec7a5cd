import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RootStage, Stage } from '../plan/types.ts'
import { plainWord } from '../plan/words.ts'
import type { RunContext } from './context.ts'
import { startRoot } from './stages/root.ts'

/** Removes the folder of the plan that belongs to root, which only root can. Does nothing where there is none. */
export const removeRootFolder = async (
  context: Pick<RunContext, 'plan' | 'project' | 'env' | 'assets'>,
): Promise<void> => {
  const { plan, project, env, assets } = context
  const stage = plan.steps.flatMap(({ pipeline }) => pipeline).find(isRoot)
  const folder = plan.rootFolder
  if (stage === undefined || folder === null || !existsSync(join(project.directory, folder))) return
  const args = ['rm', '-rf', '--one-file-system', folder]
  const { sudo, below } = stage
  const removing = startRoot(
    { kind: 'root', sudo, below, args },
    { cwd: project.directory, env, assets, resolve: plainWord },
  )
  removing.stdout.resume()
  removing.stderr.resume()
  await removing.ended
}

const isRoot = (stage: Stage): stage is RootStage => stage.kind === 'root'
