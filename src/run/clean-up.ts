import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sweepRun } from './containers.ts'
import type { RunContext } from './context.ts'
import { removeProject, unlock } from './project.ts'

/**
 * Leaves nothing of a run behind: no container, no temporary folder, and after a Ctrl-C no project folder
 * that this run made. After a failure or a SIGTERM the folder stays, so that the same command goes on with it.
 * False when a container could not be removed; `doubtful` says that one could not while the run went on.
 */
export const cleanUp = async (context: RunContext, doubtful: boolean): Promise<boolean> => {
  const { project, signal, journal } = context
  const swept = await sweepContainers(context, doubtful)
  if (project.lockedBy !== undefined) await removeTemporary(context)
  if (signal.aborted && signal.reason === 'SIGINT' && project.made) {
    await journal.close()
    await removeProject(project)
  } else unlock(project)
  return swept
}

const removeTemporary = async ({ plan, project }: RunContext): Promise<void> => {
  const folders = plan.temporary.map(name => join(project.directory, name))
  await Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true })))
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
