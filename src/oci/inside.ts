import { lstat, mkdir, readlink, rm } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { join } from 'node:path'

/** An entry of a layer would be written outside of the directory, or cannot be written at all. */
export class RefusedEntry extends Error {
  constructor(path: string, why: string) {
    super(`${JSON.stringify(path.slice(0, 200))} ${why}`)
    this.name = 'RefusedEntry'
  }
}

const MOST_LINKS = 40

/**
 * Returns the parts of an entry's path: none for the root itself.
 * @throws RefusedEntry when it has `..` or a zero byte.
 */
export const entryParts = (path: string): string[] => {
  const parts = path.split('/').filter(part => part !== '' && part !== '.')
  if (parts.includes('..')) throw new RefusedEntry(path, 'leads out of the image')
  if (path.includes('\0')) throw new RefusedEntry(path, 'has a zero byte')
  return parts
}

/**
 * Returns the real directory, inside of `root`, that the parts name. Symbolic links made by earlier entries are
 * followed as a program inside of the image would follow them: an absolute one begins at `root`. With `make`,
 * what is missing is made.
 * @throws RefusedEntry when a link leads above `root`, or a part is not a directory.
 */
export const directoryInside = async (
  root: string,
  parts: readonly string[],
  make: boolean,
): Promise<string> => {
  const path = parts.join('/')
  let todo = [...parts]
  let real: string[] = []
  for (let links = 0; todo.length > 0;) {
    const [part = '', ...rest] = todo
    todo = rest
    if (part === '..' && real.length === 0) throw new RefusedEntry(path, 'leads out of the image')
    if (part === '..') {
      real.pop()
      continue
    }
    const target = await linkAt(join(root, ...real, part), path, make)
    if (target === null) {
      real.push(part)
      continue
    }
    if (++links > MOST_LINKS) throw new RefusedEntry(path, 'goes through too many symbolic links')
    if (target.startsWith('/')) real = []
    todo = [...target.split('/').filter(each => each !== '' && each !== '.'), ...rest]
  }
  return join(root, ...real)
}

// Null: it is a directory, if need be a new one.
const linkAt = async (at: string, path: string, make: boolean): Promise<string | null> => {
  const found = await look(at)
  if (found === null && make) await mkdir(at, { mode: 0o755 })
  if (found?.isSymbolicLink() === true) return readlink(at)
  const isDirectory = found === null ? make : found.isDirectory()
  if (!isDirectory) throw new RefusedEntry(path, 'is below something that is not a directory')
  return null
}

/** Returns what is at a path, links not followed, or null when there is nothing. */
export const look = async (path: string): Promise<Stats | null> => {
  try {
    return await lstat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Removes what is at a path, if anything; a link is removed, not followed. */
export const remove = async (path: string): Promise<void> => {
  if ((await look(path)) !== null) await rm(path, { recursive: true, force: true })
}
