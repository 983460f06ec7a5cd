import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ProjectFile } from '../../plan/project-files.ts'
import { digestOf, makeFolders, sweepParts, writeWhole } from '../files.ts'
import { lock, moveIntoPlace, OURS, saveState, sweepFolders, temporarySibling } from '../project.ts'
import { cannotWrite } from './cannot-write.ts'
import type { Craft, CraftContext, CraftResult } from './craft.ts'
import { writeOwnFile, type Filled } from './own-file.ts'
import { prepareTree } from './tree.ts'

/**
 * Writes the project folder: a new one whole or not at all, an old one file by file. A file that the person
 * changed stays as it is; with --force it is kept beside the new one as `<file>.old`.
 */
export const writeProject: Craft = async (input, context) => {
  const files = input['files'] as readonly ProjectFile[]
  const contents = await Promise.all(
    files.map(async file => ({ ...file, content: await contentOf(file, context) })),
  )
  return context.project.kind === 'new' && !context.project.made
    ? writeNew(contents, String(input['shown']), context)
    : writeAgain(contents, String(input['shown']), context)
}

const contentOf = async (file: ProjectFile, { assets }: CraftContext): Promise<Uint8Array> => {
  if ('text' in file) return Buffer.from(file.text)
  if ('copyOf' in file) return readFile(file.copyOf)
  const template = await readFile(join(assets, file.asset), 'utf8')
  return Buffer.from(
    template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => file.values[name] ?? whole),
  )
}

const writeNew = async (
  files: readonly Filled[],
  shown: string,
  { project, runId }: CraftContext,
): Promise<CraftResult> => {
  const temporary = temporarySibling(project.directory, runId)
  try {
    await makeFolders(dirname(project.directory))
    await sweepFolders(dirname(project.directory))
    await makeFolders(join(temporary, OURS))
    for (const { file, content, mode } of files)
      await writeWhole(join(temporary, file), content, mode)
    const written = Object.fromEntries(files.map(({ file, content }) => [file, digestOf(content)]))
    await saveState({ ...project, directory: temporary }, { written })
    await moveIntoPlace(project, temporary)
    await lock(project, runId)
    project.state = { ...project.state, written }
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw cannotWrite(project.directory, error)
  }
  return {
    lines: files.map(({ file }) => file),
    result: `${files.length} files in ${shown}, where the next commands run`,
  }
}

const writeAgain = async (
  files: readonly Filled[],
  shown: string,
  { project, runId }: CraftContext,
): Promise<CraftResult> => {
  await lock(project, runId)
  await sweepParts(project.directory)
  const lines = await prepareTree(project)
  const written: Record<string, string> = {
    ...(project.kind === 'replaced' ? {} : project.state.written),
  }
  for (const file of files) {
    const done = await writeOwnFile(file, project)
    if (done !== null) lines.push(done)
    written[file.file] = digestOf(file.content)
  }
  await saveState(project, { written, finished: false })
  const result =
    lines.length === 0 ? `as they were, in ${shown}` : `${lines.join(', ')}, in ${shown}`
  return { lines, result }
}
