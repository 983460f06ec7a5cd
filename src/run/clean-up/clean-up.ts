import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { forget, namesOf, remember } from './alive.ts'
import { query, clientOf, removeContainer, sweepRun } from './containers.ts'
import type { RunContext } from '../context.ts'
import { removeProject, unlock } from '../project/project.ts'
import { removeRootFolder } from './root-folder.ts'
import { resolveWord } from '../values.ts'

/**
 * Leaves nothing of a run behind: no container, no temporary folder, and after a Ctrl-C no project folder
 * that this run made. After a failure or a SIGTERM the folder stays, so that the same command goes on with it.
 * `doubtful` says that a container could not be removed while the run went on.
 */
export const cleanUp = async (context: RunContext, doubtful: boolean): Promise<CleanedUp> => {
  const { project, signal, journal, runId } = context
  await Promise.all(
    [...context.keptContainers.values()].map(id => removeContainer(clientOf(context), id)),
  )
  const swept = await sweepContainers(context, doubtful || namesOf('container', runId).length > 0)
  await forgetUnproven(context)
  const ours = project.lockedBy !== undefined
  const rootFolder = ours ? await removeRootFolder(context) : null
  if (ours) await removeTemporary(context)
  if (signal.aborted && signal.reason === 'SIGINT' && project.made && rootFolder === null) {
    await journal.close()
    await removeProject(project).catch(() => unlock(project))
  } else unlock(project)
  const containers = swept ? [] : namesOf('container', runId)
  return { swept, containers, images: namesOf('image', runId), rootFolder }
}

/** What was left when all was tried. */
export interface CleanedUp {
  /** False when a container could not be removed, or the engine could not be asked. */
  readonly swept: boolean
  /** The names of the containers that this run made and that may be there. */
  readonly containers: readonly string[]
  /** The names of images without a proof that may be there. */
  readonly images: readonly string[]
  /** The folder of root's that could not be removed, or null. */
  readonly rootFolder: string | null
}

/** Removes the temporary tag: a proven image has its own by now, an unproven one goes with it. */
const forgetUnproven = async (context: RunContext): Promise<void> => {
  const { plan, values, facts } = context
  if (plan.unproven === null || facts.engine === null) return
  const name = resolveWord(values, plan.unproven)
  // An image that was proven before has no other name.
  if (values.get('image.name') !== name) return
  const { exitCode, stderr } = await query(clientOf(context), ['rmi', name], 60)
  if (exitCode === 0 || /no such image|image not known/i.test(stderr)) forget(name)
  else remember(name, { kind: 'image', name, run: context.runId })
}

/** A folder that has become read-only keeps them for the next run, which removes them; what went wrong has been reported already. */
const removeTemporary = async ({ plan, project }: RunContext): Promise<void> => {
  const folders = plan.temporary.map(name => join(project.directory, name))
  await Promise.allSettled(folders.map(folder => rm(folder, { recursive: true, force: true })))
}

/** How long a container may take to go, in seconds: a remote engine is asked over the network. */
const PATIENCE = { local: 3, remote: 10 }

/** A stop may have come while the engine was making a container; a run that ended well removed its own. */
const sweepContainers = async (
  { facts, env, runId, signal, plan }: RunContext,
  doubtful: boolean,
): Promise<boolean> => {
  const containers = plan.steps.some(step =>
    step.pipeline.some(stage => stage.kind === 'container'),
  )
  if (facts.engine === null || !containers || !(signal.aborted || doubtful)) return true
  const { client, remote } = facts.engine
  const seconds = remote ? PATIENCE.remote : PATIENCE.local
  return sweepRun({ program: client, cwd: process.cwd(), env }, runId, seconds)
}
