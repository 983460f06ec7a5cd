import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BootstrapError } from '../../errors.ts'
import { openPartial } from './partial.ts'
import type { Partial } from './partial.ts'
import { blobPath, PARTS, TAG, TAG_TEXT } from './parts.ts'
import { makeFolders } from '../../../text/make-folders.ts'

/** The cache as one run sees it: read where it is, written there or, when that can't be, in a temporary folder. */
export interface Store {
  /** Where the cache is, whether or not it can be written. */
  readonly folder: string
  /** Where files go now. */
  readonly writable: () => string
  /** Returns the path of a file with this hash after reading it whole, or null; a damaged one is removed and reported. */
  readonly find: (sha256: string, signal: AbortSignal) => Promise<string | null>
  /** Opens a file to write; `most` as its size. */
  readonly begin: (sha256: string, most: number) => Promise<Partial>
  /** After an error of the file system: takes the temporary folder from now on, or throws what it means. */
  readonly giveUp: (error: unknown) => Promise<void>
  /** Removes the temporary folder. */
  readonly close: () => Promise<void>
}

/** Opens a cache; `onNote` gets a sentence when it can't be used as it should be. Never throws. */
export const openStore = async (
  folder: string,
  onNote: (sentence: string) => void,
  temporary: string = tmpdir(),
): Promise<Store> => {
  let spare: string | null = null
  const writable = (): string => spare ?? folder
  const giveUp = async (error: unknown): Promise<void> => {
    if (spare !== null || !isPlaceError(error)) throw meaningOf(error, writable())
    spare = await makeSpare(temporary)
    onNote(`${reason(error, folder)}; this run keeps its packages in a temporary folder.`)
  }
  try {
    await prepare(folder)
  } catch (error) {
    await giveUp(error).catch(() => onNote(`${reason(error, folder)}, nor can ${temporary}.`))
  }
  const find = async (sha256: string, signal: AbortSignal): Promise<string | null> => {
    for (const room of spare === null ? [folder] : [spare, folder]) {
      const path = blobPath(room, sha256)
      const state = await stateOf(path, sha256, signal)
      if (state === 'right') return path
      if (state === 'absent') continue
      await rm(path, { force: true }).catch(() => undefined)
      onNote(`A file of the cache was damaged (${sha256.slice(0, 12)}…) and is fetched again.`)
    }
    return null
  }
  return {
    folder,
    writable,
    find,
    begin: (sha256, most) => openPartial(writable(), sha256, most),
    giveUp,
    close: async () => {
      if (spare !== null) await rm(spare, { recursive: true, force: true })
    },
  }
}

const prepare = async (folder: string): Promise<void> => {
  // Packages of a private mirror are nobody else's business.
  await makeFolders(folder, 0o700)
  for (const part of PARTS) await makeFolders(join(folder, part))
  await access(join(folder, 'partial'), constants.W_OK)
  await writeFile(join(folder, TAG), TAG_TEXT, { flag: 'wx' }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
}

const makeSpare = async (temporary: string): Promise<string> => {
  const spare = await mkdtemp(join(temporary, 'create-base-image-'))
  for (const part of PARTS) await mkdir(join(spare, part))
  return spare
}

const stateOf = async (
  path: string,
  sha256: string,
  signal: AbortSignal,
): Promise<'right' | 'damaged' | 'absent'> => {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
      hash.update(chunk as Buffer)
    }
  } catch (error) {
    signal.throwIfAborted()
    return codeOf(error) === 'EIO' ? 'damaged' : 'absent'
  }
  if (hash.digest('hex') !== sha256) return 'damaged'
  // Its last use decides what is removed first; a cache that can only be read keeps no such time.
  const now = new Date()
  await utimes(path, now, now).catch(() => undefined)
  return 'right'
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG']
const CLOSED = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EIO',
  'ENAMETOOLONG',
  'EEXIST',
  'ELOOP',
]

const isPlaceError = (error: unknown): boolean => [...FULL, ...CLOSED].includes(codeOf(error))

const reason = (error: unknown, folder: string): string => {
  if (FULL.includes(codeOf(error))) return `The disk of the cache ${folder} is full`
  return codeOf(error) === 'EROFS' || codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM'
    ? `The cache ${folder} can only be read`
    : `The cache ${folder} can't be used (${codeOf(error)})`
}

const meaningOf = (error: unknown, folder: string): unknown => {
  if (FULL.includes(codeOf(error))) {
    return new BootstrapError('disk-full', `The disk that holds ${folder} is full.`, [
      'Free some space, or name a folder on another disk with --cache.',
    ])
  }
  if (!isPlaceError(error)) return error
  return new BootstrapError('read-only', `${folder} can't be written.`, [
    'Name a folder that you may write to with --cache.',
  ])
}
