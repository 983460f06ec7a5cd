import type { Step } from '../plan/types.ts'
import { checkCondition } from './condition.ts'
import type { RunContext } from './context.ts'
import { archiveKey } from './project/archive-place.ts'
import type { MadeImage } from './events.ts'
import { fileDigest } from './project/files.ts'
import { isRecorded } from './project/records.ts'

/** True when the step has run, and what it made is as it left it. */
export const isDone = async (step: Step, context: RunContext): Promise<boolean> => {
  if (!(await isRecorded(step, context.project, context.signal))) return false
  if (step.makes === undefined) return true
  const image = context.project.state.steps[step.id]?.image
  if (image === undefined || !(await isThere(step, image, context))) return false
  recall(image, context)
  return true
}

/** The image as the steps have made it, for the record. */
export const madeImage = ({ values, sizeHistory }: RunContext): MadeImage => ({
  id: values.get('image.id') ?? '',
  bytes: Number(values.get('files.bytes')),
  compressedBytes: Number(values.get('image.compressed')),
  sizes: [...sizeHistory],
  learnt: Object.fromEntries([...values].filter(([name]) => LASTING.test(name))),
})

const LASTING = /^(?:packages\.|image\.config$)/

/** A name may point at another image by now or at none, and an archive may have been replaced. */
const isThere = (step: Step, image: MadeImage, context: RunContext): Promise<boolean> =>
  step.makes === 'archive' ? archiveIsThere(context) : nameIsThere(step, image, context)

const archiveIsThere = async ({ plan, project, signal }: RunContext): Promise<boolean> => {
  const archive = plan.image.archive ?? ''
  const recorded = project.state.archives?.[archiveKey(plan.directory, archive)]
  return recorded !== undefined && recorded === (await fileDigest(archive, signal))
}

const nameIsThere = async (
  step: Step,
  { id }: MadeImage,
  context: RunContext,
): Promise<boolean> => {
  const values = new Map(context.values)
  const check = await checkCondition(step.postcondition!, { ...context, values })
  return check.met && values.get('image.id') === id
}

/** What was measured when the image was made is still true of it. */
const recall = (image: MadeImage, { values, sizeHistory, plan }: RunContext): void => {
  values.set('image.id', image.id)
  values.set('files.bytes', String(image.bytes))
  values.set('image.compressed', String(image.compressedBytes))
  for (const [name, value] of Object.entries(image.learnt ?? {})) values.set(name, value)
  values.set('image.name', plan.image.reference)
  sizeHistory.splice(0, sizeHistory.length, ...image.sizes)
}
