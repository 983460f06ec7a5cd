import { lstatSync, statSync, type Stats } from 'node:fs'

/** Returns what a path leads to, links followed; undefined where nothing can be, as below a name that is too long. */
export const thereAt = (path: string): Stats | undefined => unlessNothing(() => statSync(path))

/** Returns whether a path leads to a folder. */
export const isFolder = (path: string): boolean => thereAt(path)?.isDirectory() === true

/** Returns what a path names, a link itself; undefined where nothing can be, as below a name that is too long. */
export const entryAt = (path: string): Stats | undefined => unlessNothing(() => lstatSync(path))

const NOTHING = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']

const unlessNothing = (look: () => Stats): Stats | undefined => {
  try {
    return look()
  } catch (error) {
    if (NOTHING.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
