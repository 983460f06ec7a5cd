import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import { readText } from '../../text/read-text.ts'
import { isRunningHere, runState } from '../process/run-id.ts'
import { CraftError } from '../crafts/craft-error.ts'

/** The folder in the project folder that keeps what runs know of each other. */
export const OURS = '.create-base-image'

/** Throws UsageError when another run works in the project folder. */
export const checkUnlocked = (directory: string): void => {
  const holder = readLock(lockOf(directory))
  if (isHeld(holder)) throw new UsageError(lockedText(directory, holder), LOCKED_TODO)
}

/** True when no living run works in the project folder. */
export const isUnlocked = (directory: string): boolean => !isHeld(readLock(lockOf(directory)))

/**
 * Makes the lock of a project folder, or takes over a dead run's: of two runs that try at once, one gets it.
 * Throws CraftError when another run has it; the file system's error when it can't be written.
 */
export const takeLock = (directory: string, runId: string): void => {
  const holder = tryLock(lockOf(directory), runId)
  if (holder !== null) throw new CraftError('locked', lockedText(directory, holder), LOCKED_TODO)
}

/**
 * Makes the lock file at `path`, or takes over a dead run's. Returns null when this run has it, else the id of the run
 * that has it. Throws the file system's error when it can't be written.
 */
export const tryLock = (path: string, runId: string): string | null => {
  if (makeLock(path, runId)) return null
  const aside = `${path}.${runId}`
  const holder = isHeld(readLock(path)) ? readLock(path) : setAside(path, aside)
  // Another run may have taken the dead one's lock over before this one could.
  if (isHeld(holder)) putBack(aside, path)
  else {
    rmSync(aside, { force: true })
    if (makeLock(path, runId)) return null
  }
  return readLock(path)
}

/** Removes the lock of a project folder when this run has it. */
export const releaseLock = (directory: string, runId: string): void =>
  dropLock(lockOf(directory), runId)

/** Removes the lock file at `path` when this run has it. */
export const dropLock = (path: string, runId: string): void => {
  if (readLock(path) !== runId) return
  try {
    rmSync(path)
  } catch {
    // In a folder that became read-only it stays, and holds nobody up: the next run sees that its run is dead.
  }
}

const lockOf = (directory: string): string => join(directory, OURS, 'lock')

const makeLock = (path: string, runId: string): boolean => {
  try {
    writeFileSync(path, runId, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Returns whose lock was moved; nothing when another run was faster. */
const setAside = (path: string, aside: string): string => {
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return readLock(aside)
}

const putBack = (aside: string, path: string): void => {
  try {
    renameSync(aside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

const readLock = (path: string): string => {
  try {
    return readText(path, { most: 1000 }) ?? ''
  } catch {
    return ''
  }
}

/** True while another run works under this id: of another process, or beside this one in its own. */
const isHeld = (holder: string): boolean =>
  runState(holder) === 'alive' &&
  (holder.split('-')[1] !== String(process.pid) || isRunningHere(holder))

const lockedText = (directory: string, holder: string): string =>
  `Another run of create-base-image works in ${directory} (process ${holder.split('-')[1] ?? 'unknown'}).`

const LOCKED_TODO = ['Wait until it has ended, or name another folder.']
