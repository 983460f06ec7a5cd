import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageFile } from '../../oci/types.ts'
import { CraftError } from '../crafts/craft-error.ts'
import { imageMode } from './tree.ts'

/**
 * What goes into the image: programs of the project folder, and all files below `tree`, which is laid out as the
 * image's root. Throws CraftError for what is neither file nor folder.
 */
export const imageFiles = async (
  directory: string,
  programs: readonly string[],
  tree: string | null,
): Promise<ImageFile[]> => [
  ...programs.map(path => ({ path, source: { path: join(directory, path) }, mode: 0o755 })),
  ...(tree === null ? [] : await filesBelow(join(directory, tree), '')),
]

const filesBelow = async (root: string, folder: string): Promise<ImageFile[]> => {
  const found: ImageFile[] = []
  for (const name of (await readdir(join(root, folder))).sort()) {
    const path = folder === '' ? name : `${folder}/${name}`
    const source = { path: join(root, path) }
    const entry = await lstat(source.path)
    if (entry.isDirectory()) found.push(...(await filesBelow(root, path)))
    else if (entry.isFile()) found.push({ path, source, mode: imageMode(entry.mode) })
    else throw notAFile(source.path)
  }
  return found
}

const notAFile = (path: string): CraftError =>
  new CraftError(
    'no-file',
    `${path} is neither a file nor a folder, so it can't go into the image.`,
    ['Put a file in its place: a link becomes one by cp --dereference.'],
  )
