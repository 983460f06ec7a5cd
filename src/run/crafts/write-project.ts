import { readFile } from 'node:fs/promises'
import { readAssetIn } from '../../assets.ts'
import { LOCK_FILE, SBOMS } from '../../plan/names.ts'
import type { ProjectFile } from '../../plan/craft-inputs.ts'
import { digestOf, sweepParts } from '../project/files.ts'
import { dirname } from 'node:path/posix'
import { debSources } from './deb-root.ts'
import { lock, OURS, saveState, type Project } from '../project/project.ts'
import { cannotWrite } from './cannot-write.ts'
import type { Craft, CraftContext, CraftResult } from './craft.ts'
import { fillNewFolder } from './new-folder.ts'
import { writeOwnFile, type Filled } from '../project/own-file.ts'
import { prepareTree, refuseLinks } from '../project/tree.ts'
import { counted } from '../../text/units.ts'

/**
 * Writes the project folder: a new one whole or not at all, an old one file by file. A file that the person
 * changed stays as it is; with --force it is kept beside the new one as `<file>.old`.
 */
export const writeProject: Craft<'write-project'> = async ({ files, shown }, context) => {
  const contents = await Promise.all(
    files.map(async file =>
      'sourcesOf' in file
        ? sourceFiles(file)
        : [{ ...file, content: await contentOf(file, context) }],
    ),
  )
  const write = context.project.kind === 'new' && !context.project.made ? writeNew : rewriteProject
  return write(contents.flat(), shown, context).catch((error: unknown) => {
    throw cannotWrite(context.project.directory, error)
  })
}

/** A file of sources becomes itself and the keys that it names. */
const sourceFiles = (file: Extract<ProjectFile, { sourcesOf: string }>): Filled[] => {
  const { copies } = debSources({ sources: file.sourcesOf, release: file.codename })!
  const folder = dirname(file.file)
  return copies.map(({ path, bytes }) => ({ ...file, file: `${folder}/${path}`, content: bytes }))
}

const contentOf = async (
  file: Exclude<ProjectFile, { sourcesOf: string }>,
  { assets }: CraftContext,
): Promise<Uint8Array> => {
  if ('text' in file) return Buffer.from(file.text)
  if ('copyOf' in file)
    return file.includes ? Buffer.from(readAssetIn(assets, file.copyOf)) : readFile(file.copyOf)
  const template = readAssetIn(assets, file.asset)
  return Buffer.from(
    template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => file.values[name] ?? whole),
  )
}

const writeNew = async (
  files: readonly Filled[],
  shown: string,
  { project, runId }: CraftContext,
): Promise<CraftResult> => {
  const { beside = [] } = project
  await fillNewFolder(files, project, runId)
  const kept = files.map(({ file }) => file).filter(file => beside.includes(file))
  const others = kept.length === 0 ? '' : `, kept your ${kept.join(', ')}`
  return {
    lines: files.map(({ file }) => file),
    result: `${counted(files.length - kept.length, 'file')} in ${shown}, where the next commands run${others}`,
  }
}

const rewriteProject = async (
  files: readonly Filled[],
  shown: string,
  { project, runId }: CraftContext,
): Promise<CraftResult> => {
  await refuseLinks(project.directory, OURS)
  await lock(project, runId)
  await sweepParts(project.directory)
  const lines = await prepareTree(project)
  const written: Record<string, string> = {
    ...(project.kind === 'replaced' ? ofImage(project) : project.state.written),
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

/** The records of the files that say what the old image is made of: they stay until the new one is proven. */
const ofImage = ({ state }: Project): Record<string, string> =>
  Object.fromEntries(
    Object.entries(state.written).filter(([file]) => file === LOCK_FILE || SBOMS.includes(file)),
  )
