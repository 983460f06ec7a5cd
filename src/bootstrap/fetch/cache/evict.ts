import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PARTS, SEEN } from './parts.ts'

/** How large a cache may grow: 4 GB. */
export const MOST_CACHE_BYTES = 4e9

interface Kept {
  readonly path: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly used: number
}

/** What a cache takes. */
export interface CacheUse {
  readonly files: number
  readonly bytes: number
}

// A run that is at work may be about to read what it found a moment ago.
const IN_USE_MS = 60 * 60_000
const STALE_PARTIAL_MS = 7 * 24 * 60 * 60_000

/** Removes what was not used for longest until `most` bytes or fewer are left, and partial downloads after a week. */
export const trimCache = async (
  folder: string,
  most: number,
  now = Date.now(),
): Promise<CacheUse> => {
  const all = await filesOf(folder)
  let bytes = sum(all)
  let removed = 0
  for (const file of all.sort((a, b) => a.used - b.used || (a.path < b.path ? -1 : 1))) {
    const isPartial = file.path.startsWith(join(folder, 'partial'))
    const limit = isPartial ? STALE_PARTIAL_MS : IN_USE_MS
    if (now - file.used < limit || (!isPartial && bytes <= most)) continue
    await rm(file.path, { force: true }).catch(() => undefined)
    bytes -= file.bytes
    removed++
  }
  return { files: all.length - removed, bytes }
}

/** Returns what a cache takes; nothing when there is none. */
export const cacheUse = async (folder: string): Promise<CacheUse> => {
  const all = await filesOf(folder)
  return { files: all.length, bytes: sum(all) }
}

/** Removes everything that is in a cache and returns what that was; other files in its folder stay. */
export const emptyCache = async (folder: string): Promise<CacheUse> => {
  const all = await filesOf(folder, [...PARTS, SEEN])
  for (const { path } of all) await rm(path, { force: true })
  return { files: all.length, bytes: sum(all) }
}

const sum = (files: readonly Kept[]): number => files.reduce((all, { bytes }) => all + bytes, 0)

// Only names of our own forms, so that a folder named by mistake loses nothing.
const OURS = /^[0-9a-f]{64}(?:\.[\w.-]+)?$/

const filesOf = async (folder: string, parts: readonly string[] = PARTS): Promise<Kept[]> => {
  const found: Kept[] = []
  for (const part of parts) {
    const names = await readdir(join(folder, part), { recursive: part === 'sha256' }).catch(
      () => [],
    )
    for (const name of names) {
      if (!OURS.test(name.split(/[\\/]/).at(-1) ?? '')) continue
      const path = join(folder, part, name)
      const file = await stat(path).catch(() => null)
      if (file?.isFile()) found.push({ path, bytes: file.size, used: file.mtimeMs })
    }
  }
  return found
}
