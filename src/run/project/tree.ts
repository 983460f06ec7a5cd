import { chmod, lstat, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FILES, TMP } from '../../plan/names.ts'
import { sweepParts } from './files.ts'
import type { Project } from './project.ts'
import { CraftError } from '../crafts/craft-error.ts'
import { makeFolders } from '../../text/make-folders.ts'

/**
 * Makes the folder files/ of an old project folder fit to go into an image. After --force with other answers it is
 * set aside as `files.old`, because what it holds was for another image. Returns what was done, in words.
 */
export const prepareTree = async (project: Project): Promise<string[]> => {
  const tree = join(project.directory, FILES)
  if (!(await isFolder(tree))) return []
  if (project.kind !== 'replaced') {
    await openModes(tree)
    const tmp = join(tree, TMP)
    if (await isFolder(tmp)) await chmod(tmp, TMP_MODE)
    return []
  }
  await rm(`${tree}.old`, { recursive: true, force: true })
  await rename(tree, `${tree}.old`)
  return [`set ${FILES} aside as ${FILES}.old`]
}

/**
 * Makes a folder below `root` with those above it. They are open to all whatever the umask is: docker build takes
 * modes into the image, and a program that is not root must be able to read there. What a killed run left in them
 * is removed, or it would go into the image. Throws CraftError when one of them is a link.
 */
export const makeOpenFolder = async (root: string, path: string): Promise<string> => {
  let at = root
  await refuseLinks(root, path)
  for (const part of path.split('/').filter(each => each !== '')) {
    at = join(at, part)
    await makeFolders(at)
    await chmod(at, OPEN)
    await sweepParts(at)
  }
  return at
}

/** Throws CraftError when a part of `path` below `root` is a link: what is written there would go elsewhere. */
export const refuseLinks = async (root: string, path: string): Promise<void> => {
  let at = root
  for (const part of path.split('/').filter(each => each !== '' && each !== '.')) {
    at = join(at, part)
    const found = await lstat(at).catch(() => null)
    if (found?.isSymbolicLink() !== true) continue
    throw new CraftError('link', `${at} is a link, and nothing is written through a link.`, [
      'Put what it leads to in its place, or remove it, then run the same command again.',
    ])
  }
}

/** Folders become 0755, files 0644, or 0755 when their owner may run them; links are left as they are. */
export const openModes = async (folder: string): Promise<void> => {
  await chmod(folder, OPEN)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openModes(path)
    else if (entry.isFile()) await chmod(path, imageMode((await stat(path)).mode))
  }
}

/** The mode that a file of the tree has in the image. */
export const imageMode = (mode: number): number =>
  process.platform !== 'win32' && (mode & 0o100) !== 0 ? OPEN : 0o644

const OPEN = 0o755

/** Everybody writes in /tmp, and only its owner removes a file. */
export const TMP_MODE = 0o1777

/** A link to a folder is none: its modes are not ours. */
const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    found => found.isDirectory(),
    () => false,
  )
