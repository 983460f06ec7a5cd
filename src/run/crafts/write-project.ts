import { chmod, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ProjectFile } from '../../plan/project-files.ts'
import { digestOf, fileDigest, makeFolders, sweepParts, writeWhole } from '../files.ts'
import {
  lock,
  moveIntoPlace,
  OURS,
  saveState,
  sweepFolders,
  temporarySibling,
  type Project,
} from '../project.ts'
import { cannotWrite } from './cannot-write.ts'
import { CraftError, type Craft, type CraftContext, type CraftResult } from './craft.ts'

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

type Filled = ProjectFile & { readonly content: Uint8Array }

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
  const lines: string[] = []
  const written: Record<string, string> = {}
  for (const file of files) {
    const done = await writeOne(file, project)
    if (done !== null) lines.push(done)
    written[file.file] = digestOf(file.content)
  }
  await saveState(project, { written, finished: false })
  const result =
    lines.length === 0 ? `as they were, in ${shown}` : `${lines.join(', ')}, in ${shown}`
  return { lines, result }
}

/** What was done with one file, in words; null when it was as it should be. */
const writeOne = async (file: Filled, project: Project): Promise<string | null> => {
  const path = join(project.directory, file.file)
  const [wanted, found, recorded] = [
    digestOf(file.content),
    await fileDigest(path),
    project.state.written[file.file],
  ]
  if (found === wanted) return restoreMode(path, file)
  if (found !== null && found !== recorded && project.kind !== 'replaced')
    return keepChanged(file, wanted, recorded)
  if (found !== null && found !== recorded) await rename(path, `${path}.old`)
  await writeWhole(path, file.content, file.mode)
  if (found === null) return `wrote ${file.file}`
  return found === recorded
    ? `updated ${file.file}`
    : `replaced ${file.file} (yours is ${file.file}.old)`
}

/** A program that came through a zip file has lost its right to run. */
const restoreMode = async (path: string, { file, mode }: Filled): Promise<string | null> => {
  if (mode === undefined || process.platform === 'win32' || ((await stat(path)).mode & 0o100) !== 0)
    return null
  await chmod(path, mode)
  return `made ${file} executable`
}

const keepChanged = (file: Filled, wanted: string, recorded: string | undefined): string => {
  if (!('copyOf' in file) || wanted === recorded) return `kept your ${file.file}`
  throw new CraftError(
    'both-changed',
    `${file.file} was changed in the project folder, and ${file.copyOf} was changed too.`,
    ['Make the two alike, or take the one outside with --force (yours is kept as a .old file).'],
  )
}
