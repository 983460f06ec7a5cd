import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Step } from '../plan/types.ts'
import type { StepRecord } from './events.ts'
import { digestOf, fileDigest } from './files.ts'
import type { Project } from './project.ts'

/** The record of a step that has just run: of what, and what came out. Null for a step that makes no files. */
export const recordOf = async (step: Step, project: Project): Promise<StepRecord | null> => {
  if (step.outputs === undefined) return null
  const outputs: Record<string, string> = {}
  for (const file of step.outputs)
    outputs[file] = (await fileDigest(join(project.directory, file))) ?? ''
  return { key: await stepKey(step, project), outputs }
}

/** True when the step has run on the same inputs with the same commands, and its outputs are as it left them. */
export const isRecorded = async (step: Step, project: Project): Promise<boolean> => {
  const record = project.state.steps[step.id]
  if (step.outputs === undefined || record === undefined) return false
  if (record.key !== (await stepKey(step, project))) return false
  for (const [file, digest] of Object.entries(record.outputs)) {
    const path = join(project.directory, file)
    if ((await fileDigest(path)) !== digest || !isExecutable(path)) return false
  }
  return true
}

/** What steps make are programs; one that came through a zip file has lost its right to run. */
const isExecutable = (path: string): boolean =>
  process.platform === 'win32' || (statSync(path).mode & 0o100) !== 0

const stepKey = async (step: Step, project: Project): Promise<string> => {
  const inputs = await Promise.all(
    (step.inputs ?? []).map(file => fileDigest(join(project.directory, file))),
  )
  return digestOf(JSON.stringify([step.pipeline, step.to, inputs]))
}
