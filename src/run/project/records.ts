import { lstatSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FILES } from '../../plan/names.ts'
import type { Step } from '../../plan/types.ts'
import type { MadeImage, StepRecord } from '../events.ts'
import { digestOf, fileDigest } from './files.ts'
import type { Project } from './project.ts'

/** The record of a step that has just run: of what, and what arrived out, the `image` when it made one. Null for a step that makes nothing lasting. */
export const recordOf = async (
  step: Step,
  project: Project,
  image?: MadeImage,
): Promise<StepRecord | null> => {
  if (step.makes !== undefined && image !== undefined)
    return { key: await stepKey(step, project), outputs: {}, image }
  if (step.outputs === undefined) return null
  const outputs: Record<string, string> = {}
  for (const file of step.outputs)
    outputs[file] = (await pathDigest(join(project.directory, file))) ?? ''
  return { key: await stepKey(step, project), outputs }
}

/** True when the step has run on the same inputs with the same commands, and its outputs are as it left them. */
export const isRecorded = async (
  step: Step,
  project: Project,
  signal?: AbortSignal,
): Promise<boolean> => {
  const record = project.state.steps[step.id]
  if ((step.outputs === undefined && step.makes === undefined) || record === undefined) return false
  if (record.key !== (await stepKey(step, project))) return false
  for (const [file, digest] of Object.entries(record.outputs)) {
    const path = join(project.directory, file)
    if ((await pathDigest(path, signal)) !== digest) return false
    if (!file.startsWith(`${FILES}/`) && !isExecutable(path)) return false
  }
  return true
}

/** The digest of a file, or of a folder with everything that is in it; null when there is neither. */
const pathDigest = async (path: string, signal?: AbortSignal): Promise<string | null> =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    ? digestOf(JSON.stringify(await digestsBelow(path, '', signal)))
    : fileDigest(path, signal)

const digestsBelow = async (
  root: string,
  folder: string,
  signal?: AbortSignal,
): Promise<(string | null)[][]> => {
  const found: (string | null)[][] = []
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await digestsBelow(root, path, signal)))
    else found.push([path, entry.isFile() ? await fileDigest(join(root, path), signal) : null])
  }
  return found.sort(([a], [b]) => (a! < b! ? -1 : 1))
}

/** What steps make are programs, but for the image's other files; one that came through a zip file has lost its right to run. */
const isExecutable = (path: string): boolean =>
  process.platform === 'win32' || (statSync(path).mode & 0o111) === 0o111

const stepKey = async (step: Step, project: Project): Promise<string> => {
  const inputs = await Promise.all(
    (step.inputs ?? []).map(file => fileDigest(join(project.directory, file))),
  )
  // What we make ourselves may differ with the Node that makes it, as the list of certificates does.
  const maker = step.pipeline[0]?.kind === 'craft' ? [process.versions.node] : []
  return digestOf(JSON.stringify([step.pipeline, step.to, inputs, ...maker]))
}
