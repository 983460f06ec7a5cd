import type { Step } from '../plan/types.ts'
import type { RunContext } from './context.ts'
import { executePipeline, type Execution } from './execute.ts'

/**
 * Runs a step's pipeline, a build once more where another program removed an image meanwhile: the classic builder looks
 * through all images for a cached layer, and fails over one that is gone by then (moby 20.10, image/cache/cache.go).
 */
export const executeBesideOthers = async (step: Step, context: RunContext): Promise<Execution> => {
  const done = await executePipeline(step, context)
  if (step.id !== 'build' || !hasLostAnImage(done)) return done
  const line = 'Another program removed an image meanwhile: once more.'
  await context.emit([{ type: 'output', step: step.id, source: 'stderr', line }])
  return executePipeline(step, context)
}

const hasLostAnImage = ({ failed, lastLines }: Execution): boolean =>
  failed !== null &&
  lastLines.some(line => /^unable to find image "sha256:[0-9a-f]{64}"$/.test(line))
