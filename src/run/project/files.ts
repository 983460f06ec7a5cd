import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isAlive } from '../process/run-id.ts'

/**
 * Returns the SHA-256 of a regular file, 64 hex digits; null when there is no such file: a link, a pipe or a device is
 * none. Throws the signal's reason when aborted.
 */
export const fileDigest = async (path: string, signal?: AbortSignal): Promise<string | null> => {
  const hash = createHash('sha256')
  const file = await openRegular(path)
  if (file === null) return null
  try {
    if (!(await file.stat()).isFile()) return null
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      signal?.throwIfAborted()
      hash.update(chunk as Uint8Array)
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

// Without O_NONBLOCK a pipe would keep us waiting for somebody who writes into it.
const openRegular = async (path: string): Promise<FileHandle | null> => {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOENT', 'ELOOP', 'ENXIO', 'ENODEV'].includes(code)) return null
    throw error
  }
}

/** The SHA-256 of bytes or a text, 64 hex digits. */
export const digestOf = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex')

/** Writes a file whole or not at all: to a temporary sibling, then renamed. */
export const writeWhole = async (
  path: string,
  content: Uint8Array | string,
  mode = 0o644,
): Promise<void> => {
  const file = await openWhole(path, mode)
  try {
    await file.write(typeof content === 'string' ? Buffer.from(content) : content)
    await file.commit()
  } catch (error) {
    await file.discard()
    throw error
  }
}

/** A file that takes its name only when it is complete. */
export interface WholeFile {
  readonly bytes: () => number
  readonly write: (chunk: Uint8Array) => Promise<void>
  readonly commit: () => Promise<void>
  readonly discard: () => Promise<void>
}

/** Opens a temporary sibling of `path` that `commit` renames to it. */
export const openWhole = async (path: string, mode: number): Promise<WholeFile> => {
  const temporary = partOf(path)
  const handle = await open(temporary, 'w', mode)
  let bytes = 0
  return {
    bytes: () => bytes,
    write: async chunk => {
      await handle.writeFile(chunk)
      bytes += chunk.byteLength
    },
    commit: async () => {
      await handle.chmod(mode)
      await handle.sync()
      await handle.close()
      await rename(temporary, path)
      await syncFolder(dirname(path))
    },
    discard: async () => {
      await handle.close().catch(() => undefined)
      await rm(temporary, { force: true })
    },
  }
}

/** Returns the name that something has until it is whole, for this process alone. */
export const partOf = (path: string): string => `${path}.part-${process.pid}`

/** Removes the parts of that name that killed runs left in a folder, if there is one; those of living ones stay. */
export const sweepDeadParts = async (folder: string, name: string): Promise<void> => {
  for (const entry of await readdir(folder).catch(() => []))
    if (
      PART.test(entry) &&
      entry.replace(PART, '') === name &&
      !isAlive(Number(entry.slice(entry.lastIndexOf('-') + 1)))
    )
      await rm(join(folder, entry), { recursive: true, force: true })
}

/** Removes the temporary files that a killed run left in a folder that only one run at a time works in. */
export const sweepParts = async (folder: string): Promise<void> => {
  const parts = (await readdir(folder)).filter(name => PART.test(name))
  await Promise.all(parts.map(name => rm(join(folder, name), { force: true })))
}

const PART = /\.part-\d+$/

/** A rename is safe from a power cut only when the folder is on the disk too; Windows can't say that. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  await handle.sync().catch(() => undefined)
  await handle.close()
}
