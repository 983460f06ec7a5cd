import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sweepRun } from './containers.ts'
import type { RunContext } from './context.ts'
import { unlock } from './project.ts'

/**
 * Leaves nothing of a run behind: no container, no temporary folder, and after a Ctrl-C no project folder
 * that this run made. After a failure or a SIGTERM the folder stays, so that the same command goes on with it.
 */
export const cleanUp = async (context: RunContext): Promise<void> => {
  const { plan, project, signal, journal } = context
  await sweepContainers(context)
  await Promise.all(
    plan.temporary.map(name => rm(join(project.directory, name), { recursive: true, force: true })),
  )
  if (signal.aborted && signal.reason === 'SIGINT' && project.made) {
    await journal.close()
    await rm(project.directory, { recursive: true, force: true })
    if (project.wasEmpty) await mkdir(project.directory)
    return
  }
  if (project.made || project.kind !== 'new') unlock(project)
}

/** A stop may have come while the engine was making a container; a run that ended well removed its own. */
const sweepContainers = async ({ facts, env, runId, signal, plan }: RunContext): Promise<void> => {
  const containers = plan.steps.some(step =>
    step.pipeline.some(stage => stage.kind === 'container'),
  )
  if (!signal.aborted || facts.engine === null || !containers) return
  await sweepRun({ program: facts.engine.client, cwd: process.cwd(), env }, runId)
}
