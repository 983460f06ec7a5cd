import type { ContainerStage } from '../../../src/plan/types.ts'

/** A container that works. */
export const STAGE: ContainerStage = {
  kind: 'container',
  client: 'docker',
  options: ['--network', 'none'],
  image: 'ubuntu:20.04',
  command: ['work', 'hard'],
}

/** How a run names it. */
export const NAMED = { runId: 'run-1', name: 'own-name', resolve: String }
