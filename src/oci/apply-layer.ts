import { chmod, link, lchown, mkdir, open, readdir, readlink, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { RefusedEntry, directoryInside, entryParts, look, remove } from './inside.ts'
import { tarEntries } from '../tar/read.ts'
import type { TarEntry } from '../tar/read.ts'
import type { Chunks } from '../tar/streams.ts'

/** A layer that is being applied: where to, and which paths it made itself. */
interface Target {
  readonly root: string
  /** A whiteout deletes what lower layers made, never what its own layer made. */
  readonly made: Set<string>
}

const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'
const MOST_ENTRIES = 2_000_000
const MOST_BYTES = 64 * 1024 ** 3

/**
 * Applies a layer's tar to `root`, by the rules of OCI layers: whiteouts delete, a file replaces what was there,
 * a directory joins a directory. Devices, pipes and extended attributes are skipped, setuid and setgid bits
 * dropped, directories stay writable for their owner; owners are set when this process may.
 * @throws RefusedEntry when an entry leads out of `root`; TarProblem when the tar is damaged.
 */
export const applyLayer = async (chunks: Chunks, root: string): Promise<void> => {
  const target: Target = { root, made: new Set() }
  let entries = 0
  let bytes = 0
  for await (const entry of tarEntries(chunks)) {
    if (++entries > MOST_ENTRIES) throw new RefusedEntry(entry.path, 'is one entry too many')
    // Holes of a sparse file cost the archive nothing, but are written as zeros.
    bytes += entry.size
    if (bytes > MOST_BYTES) throw new RefusedEntry(entry.path, 'makes more than is believable')
    await applyEntry(target, entry)
  }
}

const applyEntry = async (target: Target, entry: TarEntry): Promise<void> => {
  const parts = entryParts(entry.path)
  const name = parts.at(-1)
  if (name === undefined || !isWanted(entry)) return
  const parent = await directoryInside(target.root, parts.slice(0, -1), true)
  if (name.startsWith(WHITEOUT)) return whiteOut(target, parent, name)
  const path = join(parent, name)
  markMade(target, path)
  await MAKERS[entry.kind]?.(entry, path, target)
}

const isWanted = (entry: TarEntry): boolean => entry.kind in MAKERS

// With their parents, so that an opaque whiteout does not delete a directory with something new in it.
const markMade = (target: Target, path: string): void => {
  let at = path
  while (at.length > target.root.length && !target.made.has(at)) {
    target.made.add(at)
    at = join(at, '..')
  }
}

const whiteOut = async (target: Target, parent: string, name: string): Promise<void> => {
  if (name === OPAQUE) return removeLower(target, parent)
  // Names like `.wh..wh.plnk` are bookkeeping of the aufs file system.
  if (name.startsWith(`${WHITEOUT}${WHITEOUT}`)) return
  const deleted = name.slice(WHITEOUT.length)
  if (deleted === '' || deleted === '.' || deleted === '..') {
    throw new RefusedEntry(name, 'deletes something outside of its directory')
  }
  const path = join(parent, deleted)
  if (!target.made.has(path)) return remove(path)
  if ((await look(path))?.isDirectory() === true) await removeLower(target, path)
}

const removeLower = async (target: Target, directory: string): Promise<void> => {
  for (const found of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, found.name)
    if (!target.made.has(path)) await remove(path)
    else if (found.isDirectory()) await removeLower(target, path)
  }
}

type Maker = (entry: TarEntry, path: string, target: Target) => Promise<void>

const makeFile: Maker = async (entry, path) => {
  await remove(path)
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of entry.body) await file.writeFile(chunk)
    await own(() => file.chown(entry.uid, entry.gid))
    await file.chmod(entry.mode & 0o777)
  } finally {
    await file.close()
  }
}

const makeDirectory: Maker = async (entry, path) => {
  const found = await look(path)
  if (found !== null && !found.isDirectory()) await remove(path)
  if (found?.isDirectory() !== true) await mkdir(path)
  await own(() => lchown(path, entry.uid, entry.gid))
  await chmod(path, (entry.mode & 0o1777) | 0o700)
}

const makeSymlink: Maker = async (entry, path) => {
  if (entry.linkPath === '') throw new RefusedEntry(entry.path, 'is a link to nothing')
  await remove(path)
  await symlink(entry.linkPath, path)
  await own(() => lchown(path, entry.uid, entry.gid))
}

const makeHardLink: Maker = async (entry, path, target) => {
  const parts = entryParts(entry.linkPath)
  const parent = await directoryInside(target.root, parts.slice(0, -1), false)
  const existing = join(parent, parts.at(-1) ?? '')
  if (existing === path) return
  const found = parts.length === 0 ? null : await look(existing)
  if (found?.isSymbolicLink() === true) return copyLink(existing, path)
  if (found?.isFile() !== true) throw new RefusedEntry(entry.path, 'is a link to no file')
  await remove(path)
  await link(existing, path)
}

// Some systems' link() follows a symbolic link, perhaps out of the root.
const copyLink = async (existing: string, path: string): Promise<void> => {
  const to = await readlink(existing)
  await remove(path)
  await symlink(to, path)
}

const MAKERS: Readonly<Partial<Record<TarEntry['kind'], Maker>>> = {
  file: makeFile,
  directory: makeDirectory,
  symlink: makeSymlink,
  hardlink: makeHardLink,
}

// Root of a user namespace may own only the users mapped into it.
const own = async (change: () => Promise<void>): Promise<void> => {
  if (process.getuid?.() !== 0) return
  try {
    await change()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== 'EPERM' && code !== 'EINVAL') throw error
  }
}
