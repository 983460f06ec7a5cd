import { CraftError } from './craft-error.ts'

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'you have no right to write there',
  EPERM: 'the system does not allow it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  ENOENT: 'a folder above it is missing',
  ENAMETOOLONG: 'the name is too long',
}

/** The error of a file system as one that a person can act on; any other error as it is. */
export const cannotWrite = (path: string, error: unknown): unknown => {
  const { code = '' } = error as NodeJS.ErrnoException
  const why = WHY[code]
  if (why === undefined) return error
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new CraftError(full ? 'no-space' : 'unwritable', `${path} can't be written: ${why}.`, [
    full
      ? 'Make room, then run the same command again.'
      : code === 'ENAMETOOLONG'
        ? 'Choose a shorter name: a file system takes 255 bytes, and some files add to it.'
        : 'Name a place where you may write, such as ~/my-folder.',
  ])
}
