import { join, resolve } from 'node:path'
import type { PackagesLock } from '../../bootstrap/deb/lock-form.ts'
import { LARGEST_LOCK, readLock } from '../../bootstrap/deb/lock.ts'
import { UsageError } from '../../errors.ts'
import { LOCK_FILE } from '../../plan/names.ts'
import { readText, UnfitFile } from '../../text/read-text.ts'
import { isFolder } from '../../text/there.ts'

/** Reads the lock that a path names: the file, or packages.lock in a folder. Throws UsageError and BootstrapError. */
export const lockAt = (named: string, cwd: string): PackagesLock => {
  const path = resolve(cwd, named)
  const file = isFolder(path) ? join(path, LOCK_FILE) : path
  try {
    const text = readText(file, { most: LARGEST_LOCK, links: true })
    if (text !== null) return readLock(text, file)
  } catch (error) {
    if (error instanceof UnfitFile) throw new UsageError(`${file} ${error.why}.`)
    throw error
  }
  throw new UsageError(`There is no file ${file}.`, [
    `Write one: create-base-image rootfs DISTRO:RELEASE --lock ${LOCK_FILE} > rootfs.tar`,
  ])
}
