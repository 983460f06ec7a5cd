import { query, clientOf } from './clean-up/containers.ts'
import type { RunContext } from './context.ts'
import type { ReplacedImage } from './events.ts'
import { saveState } from './project/project.ts'

/** The image that has the plan's name now, or null when none has or there is no engine. */
export const namedImage = async (context: RunContext): Promise<ReplacedImage | null> => {
  const { reference } = context.plan.image
  if (context.facts.engine === null) return null
  const words = ['image', 'inspect', '--format', '{{.Id}} {{.Size}}', reference]
  const { exitCode, stdout } = await query(clientOf(context), words, 10)
  const [id = '', bytes] = stdout.trim().split(' ')
  return exitCode === 0 && id !== '' ? { id, bytes: Number(bytes) } : null
}

/**
 * Remembers the image that had the name before when it has no name now: nobody would find it by name. Engines whose
 * store removes such images by themselves have nothing to report.
 */
export const noteReplaced = async (before: ReplacedImage, context: RunContext): Promise<void> => {
  if (!(await isNameless(before.id, context))) return
  context.replaced = before
  const { project } = context
  const known = project.state.replaced ?? []
  await saveState(project, { replaced: [...new Set([...known, before.id])] })
}

const isNameless = async (id: string, context: RunContext): Promise<boolean> => {
  const words = ['image', 'inspect', '--format', '{{len .RepoTags}}', id]
  const { exitCode, stdout } = await query(clientOf(context), words, 10)
  return exitCode === 0 && stdout.trim() === '0'
}
