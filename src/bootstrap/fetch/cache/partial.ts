import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { blobPath } from './parts.ts'
import { makeFolders } from '../../../text/make-folders.ts'

/** A file of the cache that is being written; its bytes are hashed as they go in. */
export interface Partial {
  /** Bytes that are there. */
  readonly size: () => number
  readonly write: (chunk: Uint8Array) => Promise<void>
  /** Begins at 0 again. */
  readonly restart: () => Promise<void>
  /** Returns the hash of all bytes, in hex. */
  readonly sha256: () => string
  /** Puts the file in its place under its hash, the one it was opened for unless said, and returns its path. */
  readonly commit: (sha256?: string) => Promise<string>
  /** Leaves what is there for a later run to continue. */
  readonly keep: () => Promise<void>
  readonly drop: () => Promise<void>
}

/** A partial that nobody has written to for so long belongs to a run that is gone. */
const ABANDONED_MS = 10 * 60_000

let made = 0

/**
 * Opens the file for a hash, with what an earlier run left of it when `most` bytes or fewer. A file that is written has
 * a name of its own; an abandoned one is claimed by renaming it, which only one run can do.
 */
export const openPartial = async (
  folder: string,
  sha256: string,
  most: number,
): Promise<Partial> => {
  const own = join(folder, 'partial', `${sha256}.${process.pid}-${Date.now()}-${made++}`)
  const isClaimed = await claim(folder, sha256, own)
  const handle = await open(own, isClaimed ? 'r+' : 'wx+', 0o644)
  try {
    const hash = createHash('sha256')
    const size = isClaimed ? await hashed(own, hash) : 0
    const partial = writer({ folder, sha256, own, handle }, hash, size)
    if (size > most) await partial.restart()
    return partial
  } catch (error) {
    await handle.close()
    throw error
  }
}

const claim = async (folder: string, sha256: string, own: string): Promise<boolean> => {
  const room = join(folder, 'partial')
  for (const name of await readdir(room).catch(() => [])) {
    if (!name.startsWith(`${sha256}.`)) continue
    const path = join(room, name)
    if (!name.endsWith('.part') && !(await isAbandoned(path))) continue
    if (await succeeds(rename(path, own))) return true
  }
  return false
}

const isAbandoned = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_MS
}

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

const hashed = async (path: string, hash: Hash): Promise<number> => {
  let size = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Buffer)
    size += (chunk as Buffer).length
  }
  return size
}

interface Place {
  readonly folder: string
  readonly sha256: string
  readonly own: string
  readonly handle: FileHandle
}

const writer = ({ folder, sha256, own, handle }: Place, first: Hash, there: number): Partial => {
  let hash = first
  let size = there
  const write = async (chunk: Uint8Array): Promise<void> => {
    for (let at = 0; at < chunk.length;) {
      at += (await handle.write(chunk, at, chunk.length - at, size + at)).bytesWritten
    }
    hash.update(chunk)
    size += chunk.length
  }
  const restart = async (): Promise<void> => {
    await handle.truncate(0)
    hash = createHash('sha256')
    size = 0
  }
  const commit = async (known = sha256): Promise<string> => {
    await handle.close()
    const path = blobPath(folder, known)
    await makeFolders(dirname(path))
    await rename(own, path)
    return path
  }
  const drop = async (): Promise<void> => {
    await handle.close().catch(() => undefined)
    await rm(own, { force: true })
  }
  const keep = async (): Promise<void> => {
    if (size === 0) return drop()
    await handle.close().catch(() => undefined)
    await succeeds(rename(own, join(folder, 'partial', `${sha256}.part`)))
  }
  return {
    size: () => size,
    write,
    restart,
    sha256: () => hash.copy().digest('hex'),
    commit,
    keep,
    drop,
  }
}
