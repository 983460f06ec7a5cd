import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sweepRun } from './containers.ts'
import type { RunContext } from './context.ts'
import { unlock } from './project.ts'

/**
 * Leaves nothing of a run behind: no container, no temporary folder, and after a Ctrl-C no project folder
 * that this run made. After a failure or a SIGTERM the folder stays, so that the same command goes on with it.
 * False when a container could not be removed; `doubtful` says that one could not while the run went on.
 */
export const cleanUp = async (context: RunContext, doubtful: boolean): Promise<boolean> => {
  const { plan, project, signal, journal } = context
  const swept = await sweepContainers(context, doubtful)
  await Promise.all(
    plan.temporary.map(name => rm(join(project.directory, name), { recursive: true, force: true })),
  )
  if (signal.aborted && signal.reason === 'SIGINT' && project.made) {
    await journal.close()
    await rm(project.directory, { recursive: true, force: true })
    if (project.wasEmpty) await mkdir(project.directory)
  } else if (project.made || project.kind !== 'new') unlock(project)
  return swept
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
