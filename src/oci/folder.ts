import { constants } from 'node:fs'
import { lstat, open, readdir, readlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { byteReader, restOf } from '../tar/streams.ts'
import type { TarEntry } from '../tar/read.ts'

const DEEPEST = 4
const MARKS: readonly string[] = ['index.json', 'manifest.json', 'oci-layout']

/** Returns whether a folder has the documents of an image: an OCI layout, or what `docker save` wrote, unpacked. */
export const isImageFolder = async (path: string): Promise<boolean> => {
  for (const name of MARKS) {
    const found = await lstat(join(path, name)).catch(() => null)
    if (found?.isFile() === true) return true
  }
  return false
}

/**
 * Returns the files below a folder as a tar of them would have them, sorted by name. Links are entries too, and are not
 * followed. Throws
 * the file system's error when one cannot be read, the signal's reason when aborted.
 */
export const folderEntries = async function* (
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<TarEntry> {
  for await (const { name, isLink } of filesBelow(path, '', 0)) {
    signal?.throwIfAborted()
    if (isLink) {
      yield entryOf(name, 0, NOTHING, await targetOf(path, name))
      continue
    }
    // Without O_NONBLOCK, a pipe put there in the meantime would keep us waiting.
    const file = await open(
      join(path, name),
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
    )
    try {
      const found = await file.stat()
      if (!found.isFile()) continue
      const stream = file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 })
      const reader = byteReader(stream)
      yield entryOf(name, found.size, { [Symbol.asyncIterator]: () => restOf(reader) })
      await reader.close()
    } finally {
      await file.close()
    }
  }
}

// Relative, so that one that leads out is told from one that does not.
const targetOf = async (root: string, name: string): Promise<string> => {
  const from = dirname(join(root, name))
  return relative(from, resolve(from, await readlink(join(root, name)))).replaceAll('\\', '/')
}

interface Below {
  readonly name: string
  readonly isLink: boolean
}

const filesBelow = async function* (
  root: string,
  folder: string,
  depth: number,
): AsyncGenerator<Below> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isFile() || entry.isSymbolicLink()) yield { name, isLink: entry.isSymbolicLink() }
    else if (entry.isDirectory() && depth < DEEPEST) yield* filesBelow(root, name, depth + 1)
  }
}

const NOTHING: TarEntry['body'] = { [Symbol.asyncIterator]: async function* () {} }

const entryOf = (path: string, size: number, body: TarEntry['body'], linkPath = ''): TarEntry => ({
  path,
  pathBytes: Buffer.from(path),
  kind: linkPath === '' ? 'file' : 'symlink',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 0,
  size,
  linkPath,
  linkBytes: Buffer.from(linkPath),
  device: { major: 0, minor: 0 },
  xattrs: new Map(),
  isSparse: false,
  offset: 0,
  body,
})
