import { createHash } from 'node:crypto'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { publicAddress } from '../address.ts'
import { HASH } from './parts.ts'

/** What a server said of a file, to ask later whether it has changed. */
export interface Validators {
  readonly etag: string | null
  readonly lastModified: string | null
  /** The file itself, in the cache. */
  readonly sha256: string
}

const LONGEST = 10_000

/** Returns what is kept for an address, or null. User and password are not part of the key. */
export const readValidators = async (
  folder: string,
  address: string,
): Promise<Validators | null> => {
  const path = pathOf(folder, address)
  try {
    if ((await stat(path)).size > LONGEST) return null
    return checked(JSON.parse(await readFile(path, 'utf8')) as unknown)
  } catch {
    return null
  }
}

/** Keeps what a server said of the file at an address. Throws errors of the file system. */
export const writeValidators = async (
  folder: string,
  address: string,
  { etag, lastModified, sha256 }: Validators,
): Promise<void> => {
  const path = pathOf(folder, address)
  const own = `${path}.${process.pid}-${Date.now()}`
  await writeFile(own, JSON.stringify({ etag, lastModified, sha256 }))
  await rename(own, path)
}

const pathOf = (folder: string, address: string): string =>
  join(
    folder,
    'http',
    createHash('sha256')
      .update(publicAddress(new URL(address)))
      .digest('hex'),
  )

const checked = (value: unknown): Validators | null => {
  if (typeof value !== 'object' || value === null) return null
  const { etag, lastModified, sha256 } = value as Record<string, unknown>
  if (typeof sha256 !== 'string' || !HASH.test(sha256)) return null
  return { etag: header(etag), lastModified: header(lastModified), sha256 }
}

// What goes back into a request must be one line of plain letters.
const header = (value: unknown): string | null =>
  typeof value === 'string' && /^[\x20-\x7e]{1,500}$/.test(value) ? value : null
