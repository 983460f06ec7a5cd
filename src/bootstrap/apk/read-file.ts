import { entriesOf } from './read-data.ts'
import type { Tree } from './tree.ts'

/**
 * Returns the bytes of a file of the tree, or undefined when there is none, it is a link, or it has more than `most`
 * bytes.
 */
export const fileBytes = async (
  tree: Tree,
  path: string,
  most: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> => {
  const file = tree.file(path)
  const owner = tree.ownerOf(path)
  if (file === undefined || owner === undefined) return undefined
  if (file.kind !== 'file' || file.size > most) return undefined
  for await (const entry of entriesOf(owner.open, signal)) {
    if (entry.path !== path) continue
    const chunks: Uint8Array[] = []
    for await (const chunk of entry.body) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  return undefined
}

const MOST_TEXT = 1024 * 1024

/** Returns the text of a file of the tree, or undefined when there is none, it is a link, or it is longer than 1 MiB. */
export const fileText = async (
  tree: Tree,
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> => (await fileBytes(tree, path, MOST_TEXT, signal))?.toString()
