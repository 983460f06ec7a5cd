import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it that are missing, all with `mode` when one is given; one that is there stays as it
 * is. Node's own recursive mkdir never returns below a folder such as /proc, which is there and takes no new ones (seen
 * with Node 20.20). Rejects with the error of the file system.
 */
export const makeFolders = async (path: string, mode?: number): Promise<void> => {
  if (await isMade(path, mode)) return
  const above = dirname(path)
  if (!existsSync(above)) await makeFolders(above, mode)
  // Another may have made the one above between the two looks, so that it is tried again in any case.
  await mkdir(path, mode).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

/** Returns false when the folder above is missing, or takes no new ones. */
const isMade = async (path: string, mode: number | undefined): Promise<boolean> => {
  try {
    await mkdir(path, mode)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    if (code === 'EEXIST') return true
    throw error
  }
}
