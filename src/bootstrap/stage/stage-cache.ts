import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Partial } from '../fetch/cache/partial.ts'
import type { Store } from '../fetch/cache/store.ts'
import { HASH } from '../fetch/cache/parts.ts'
import type { StageRequest } from './stage-tar.ts'

/** Grows when the same packages would give other bytes than before. */
const FORM = 2

/** Returns the key of a first stage: what decides its bytes, and nothing else. */
export const stageKey = ({
  packages,
  files,
  isMerged,
  epoch,
}: Pick<StageRequest, 'packages' | 'files' | 'isMerged' | 'epoch'>): string => {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([FORM, isMerged, epoch]))
  for (const { sha256, priority, section } of packages) {
    hash.update(JSON.stringify([sha256, priority, section]))
  }
  for (const { path, mode, bytes } of files) {
    hash.update(JSON.stringify([path, mode, bytes.length])).update(bytes)
  }
  return hash.digest('hex')
}

/**
 * Returns the first stage of a key from the cache, its hash checked before any of it is given, or null. What is damaged
 * is removed by the store, which says so.
 */
export const cachedStage = async (
  store: Store,
  key: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> => {
  const sha256 = await noted(notePath(store.folder, key))
  const path = sha256 === null ? null : await store.find(sha256, signal)
  return path === null ? null : createReadStream(path, { highWaterMark: 256 * 1024, signal })
}

const LONGEST_NOTE = 100

const noted = async (path: string): Promise<string | null> => {
  try {
    const text = (await stat(path)).size > LONGEST_NOTE ? '' : await readFile(path, 'utf8')
    return HASH.test(text) ? text : null
  } catch {
    return null
  }
}

const notePath = (folder: string, key: string): string => join(folder, 'stage', key)

/**
 * Passes a first stage on and keeps it in the cache under its key. A cache that can't be written, or is full, is told by
 * the store and keeps nothing; one that was not read to its end is not kept either.
 */
export const keepingStage = async function* (
  chunks: AsyncIterable<Uint8Array>,
  store: Store,
  key: string,
): AsyncGenerator<Uint8Array> {
  let keeping: Partial | null = await store.begin(key, 0).catch(() => null)
  try {
    for await (const chunk of chunks) {
      keeping = await written(keeping, chunk, store)
      yield chunk
    }
    if (keeping !== null) await commit(keeping, store, key).catch(() => undefined)
    keeping = null
  } finally {
    await keeping?.drop()
  }
}

const written = async (
  keeping: Partial | null,
  chunk: Uint8Array,
  store: Store,
): Promise<Partial | null> => {
  try {
    await keeping?.write(chunk)
    return keeping
  } catch (error) {
    await keeping?.drop().catch(() => undefined)
    await store.giveUp(error).catch(() => undefined)
    return null
  }
}

const commit = async (keeping: Partial, store: Store, key: string): Promise<void> => {
  const sha256 = keeping.sha256()
  await keeping.commit(sha256)
  const path = notePath(store.writable(), key)
  const own = `${path}.${process.pid}-${Date.now()}`
  await writeFile(own, sha256)
  await rename(own, path)
}
