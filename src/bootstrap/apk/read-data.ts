import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { tarEntries } from '../../tar/read.ts'
import type { TarEntry } from '../../tar/read.ts'
import { shown, TarProblem } from '../../tar/problem.ts'
import { BootstrapError } from '../errors.ts'
import type { OpenPackage } from './package.ts'
import type { TreeFile, TreeFolder } from './tree.ts'
import { fullName } from './types.ts'

const SLACK = 64 * 1024 * 1024
const MOST_ENTRIES = 500_000

/**
 * Returns the folders and files of a verified package. Its tar is read as a stream; nothing is kept but names and
 * checksums. Throws BootstrapError: `path-unsafe`, `entry-unsafe`, `bomb`, `apk-malformed`.
 */
export const readData = async (open: OpenPackage, signal: AbortSignal): Promise<TreeFolder[]> => {
  const folders = new Map<string, TreeFolder>()
  const files = new Map<string, TreeFile>()
  let entries = 0
  for await (const entry of entriesOf(open, signal)) {
    if (++entries > MOST_ENTRIES) throw bomb(open)
    if (entry.path.startsWith('.')) continue
    const path = safePath(entry, open)
    if (entry.kind === 'directory') {
      if (!folders.has(path)) folders.set(path, folderOf(entry, path))
      continue
    }
    // Placeholders that keep empty folders in version control; apk leaves them out.
    if (/(^|\/)\.keep_[^/]*$/.test(path)) continue
    const file = await fileOf(entry, path, files, open)
    files.set(path, file)
    parentOf(path, folders, open).files.push(file)
  }
  return [...folders.values()]
}

/** Returns the entries of a package's data, unpacked as a stream of bounded length. */
export const entriesOf = async function* (
  open: OpenPackage,
  signal: AbortSignal,
): AsyncGenerator<TarEntry> {
  if (open.data.length === 0) return
  try {
    yield* tarEntries(unpacked(open, signal))
  } catch (error) {
    if (error instanceof TarProblem) throw malformed(open, error.message)
    throw error
  }
}

const unpacked = async function* (
  open: OpenPackage,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const most = SLACK + 4 * Math.max(open.package.installedSize, open.data.length)
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  Readable.from(pieces(open.data)).pipe(gunzip)
  let bytes = 0
  try {
    for await (const chunk of gunzip) {
      signal.throwIfAborted()
      bytes += (chunk as Buffer).length
      if (bytes > most) throw bomb(open)
      yield chunk as Buffer
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') === true) {
      throw malformed(open, 'it can’t be unpacked')
    }
    throw error
  } finally {
    gunzip.destroy()
  }
}

const PIECE = 256 * 1024

const pieces = function* (bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
}

/** Returns an entry's path without a folder's last `/`. Throws BootstrapError `path-unsafe`. */
const safePath = (entry: TarEntry, open: OpenPackage): string => {
  const path = entry.path.replace(/\/+$/, '')
  const parts = path.split('/')
  const isText = Buffer.from(entry.path).equals(entry.pathBytes)
  const isSafe = path !== '' && parts.every(part => part !== '' && part !== '.' && part !== '..')
  if (isSafe && isText && !/[\u0000-\u001f\u007f]/.test(path)) return path
  throw new BootstrapError(
    'path-unsafe',
    `${fullName(open.package)} has a file whose path is refused: ${shown(entry.path)}.`,
    ['A proper package has no such file: do not use this mirror.'],
  )
}

const folderOf = (entry: TarEntry, path: string): TreeFolder => ({
  path,
  mode: entry.mode,
  uid: Math.max(entry.uid, 0),
  gid: Math.max(entry.gid, 0),
  xattrs: entry.xattrs,
  files: [],
})

const parentOf = (
  path: string,
  folders: Map<string, TreeFolder>,
  open: OpenPackage,
): TreeFolder => {
  const at = path.lastIndexOf('/')
  const parent = at === -1 ? '' : path.slice(0, at)
  const known = folders.get(parent)
  if (known !== undefined) return known
  if (parent !== '') throw malformed(open, `it has ${shown(path)} without its folder`)
  const root = { path: '', mode: 0o755, uid: 0, gid: 0, xattrs: new Map(), files: [] }
  folders.set('', root)
  return root
}

const fileOf = async (
  entry: TarEntry,
  path: string,
  files: ReadonlyMap<string, TreeFile>,
  open: OpenPackage,
): Promise<TreeFile> => {
  const shared = {
    path,
    mode: entry.mode,
    uid: Math.max(entry.uid, 0),
    gid: Math.max(entry.gid, 0),
    xattrs: entry.xattrs,
    mtime: entry.mtime,
  }
  switch (entry.kind) {
    case 'file': {
      const hash = createHash('sha1')
      for await (const chunk of entry.body) hash.update(chunk)
      return { ...shared, kind: 'file', size: entry.size, target: '', checksum: hash.digest() }
    }
    case 'symlink': {
      const checksum = createHash('sha1').update(entry.linkBytes).digest()
      return { ...shared, kind: 'symlink', size: 0, target: entry.linkPath, checksum }
    }
    case 'hardlink': {
      const linked = files.get(entry.linkPath)
      if (linked === undefined)
        throw unsafe(open, `${shown(path)}, a hard link to a file that is not its own`)
      const target = linked.kind === 'hardlink' ? linked.target : linked.path
      return { ...shared, kind: 'hardlink', size: 0, target, checksum: linked.checksum }
    }
    case 'fifo':
      return { ...shared, kind: 'fifo', size: 0, target: '', checksum: null }
    default:
      throw unsafe(open, `${shown(path)}, which is a device or something unknown`)
  }
}

const unsafe = (open: OpenPackage, what: string): BootstrapError =>
  new BootstrapError('entry-unsafe', `${fullName(open.package)} has ${what}; it is refused.`, [
    'Leave the package out of --include, or make the image in a container: --engine docker.',
  ])

const bomb = (open: OpenPackage): BootstrapError =>
  new BootstrapError(
    'bomb',
    `${fullName(open.package)} unpacks to far more than its index says; it is refused.`,
    ['A proper package does not do that: do not use this mirror.'],
  )

const malformed = (open: OpenPackage, why: string): BootstrapError =>
  new BootstrapError(
    'apk-malformed',
    `The package ${fullName(open.package)} can’t be used: ${why}.`,
    ['Give another --mirror, or make the image in a container: --engine docker.'],
  )
