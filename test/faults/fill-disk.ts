import { closeSync, openSync, rmSync, writeSync } from 'node:fs'

/** Writes so many megabytes, or what fits on the disk; what it returns takes them away. */
export const fillDisk = (path: string, megabytes: number): (() => Promise<void>) => {
  const file = openSync(path, 'w')
  try {
    for (const size of [1024 * 1024, 4096])
      for (let left = (megabytes * 1024 * 1024) / size; left > 0; left -= 1)
        if (!wrote(file, size)) break
  } finally {
    closeSync(file)
  }
  return async () => rmSync(path, { force: true })
}

/** False when the disk is full. */
const wrote = (file: number, bytes: number): boolean => {
  try {
    return writeSync(file, Buffer.alloc(bytes)) === bytes
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    return false
  }
}
