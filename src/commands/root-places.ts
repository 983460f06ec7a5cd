import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from '../errors.ts'
import { unwritten } from '../run/crafts/unwritten.ts'
import { writeWhole } from '../run/project/files.ts'
import { makeFolders } from '../text/make-folders.ts'
import { isFolder, thereAt } from '../text/there.ts'

/** A file that a flag names. */
export interface NamedPlace {
  readonly flag: string
  /** Absolute. */
  readonly path: string
}

/**
 * Looks at where files are to go before anything is fetched for them. Throws UsageError for a place that is a folder, and
 * FailedError for one that can't be written.
 */
export const checkPlaces = (places: readonly NamedPlace[]): void => {
  for (const { flag, path } of places) {
    if (isFolder(path))
      throw new UsageError(`${flag}: ${path} is a folder.`, [
        `Name a file in it: ${flag} ${path}/…`,
      ])
    const above = nearestThere(path)
    try {
      // A path that continues below a file is refused by the system as it should be.
      accessSync(isFolder(above) ? above : path, constants.W_OK)
    } catch (error) {
      throw unwritten(path, error)
    }
  }
}

/** Writes a file whole, below folders that are made where they are missing. Throws FailedError. */
export const writeAt = async (path: string, content: string): Promise<void> => {
  try {
    await makeFolders(dirname(path))
    await writeWhole(path, content)
  } catch (error) {
    throw unwritten(path, error)
  }
}

/** The lowest folder above a path that is there: the others will be made in it. */
const nearestThere = (path: string): string => {
  const above = dirname(path)
  return thereAt(above) !== undefined || above === path ? above : nearestThere(above)
}
