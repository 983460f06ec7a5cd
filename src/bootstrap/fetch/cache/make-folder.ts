import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder of the cache and those above it that are missing, for nobody else: packages of a private mirror are
 * nobody else's business. Node's own recursive mkdir never returns below a folder such as /proc, which is there and takes
 * no new ones. Throws what mkdir throws.
 */
export const makeFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    const above = dirname(path)
    if (code !== 'ENOENT' || above === path || existsSync(above)) throw error
    await makeFolder(above)
    await makeFolder(path)
  }
}
