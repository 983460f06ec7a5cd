import { createHash } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from '../../../text/read-text.ts'
import type { SeenIndexes } from '../../types.ts'
import { SEEN } from './parts.ts'
import { makeFolders } from '../../../text/make-folders.ts'

/** Returns the dates of indexes that earlier runs believed, kept in a cache. A cache that can't be written keeps none. */
export const seenIn = (folder: string): SeenIndexes => {
  const pathOf = (archive: string, suite: string): string =>
    join(folder, SEEN, createHash('sha256').update(`${archive} ${suite}`).digest('hex'))
  const newest = (archive: string, suite: string): Promise<number | null> =>
    Promise.resolve(dateIn(pathOf(archive, suite)))
  const note = async (archive: string, suite: string, date: number): Promise<void> => {
    const path = pathOf(archive, suite)
    if (date <= (dateIn(path) ?? 0)) return
    const own = `${path}.${process.pid}-${date}`
    try {
      await makeFolders(join(folder, SEEN))
      await writeFile(own, String(date))
      await rename(own, path)
    } catch {
      // Without a place to remember there is nothing to compare with: the run itself is as safe as its signatures.
    }
  }
  return { newest, note }
}

const dateIn = (path: string): number | null => {
  try {
    const text = readText(path, { most: 20 }) ?? ''
    return /^\d{1,15}$/.test(text) ? Number(text) : null
  } catch {
    return null
  }
}
