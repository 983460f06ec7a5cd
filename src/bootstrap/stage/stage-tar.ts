import { endOfTar, padding } from '../../tar/block.ts'
import { tarHeader } from '../../tar/write.ts'
import type { HeaderSpec } from '../../tar/write.ts'
import type { PackageRecord } from '../types.ts'
import { gathered } from './gathered.ts'
import { newDatabase } from './database.ts'
import type { Database, OpenPackage, OwnFile } from './database.ts'
import type { EntryHead } from './messages.ts'
import { newTree } from './tree.ts'
import type { Tree } from './tree.ts'
import type { Unpacked, Unpackers } from './unpackers.ts'

/** What the first stage is made of. */
export interface StageRequest {
  /** In the order in which they are unpacked: by name. */
  readonly packages: readonly PackageRecord[]
  /** The files of the packages in the cache, each as it arrives. */
  readonly arrival: (index: number) => Promise<string>
  readonly unpackers: Unpackers
  /** Whether /bin, /sbin and /lib are links into /usr, as debootstrap makes them (all but buildd of bookworm and before). */
  readonly isMerged: boolean
  /** Further files: the script that configures, policy-rc.d. They come last. */
  readonly files: readonly OwnFile[]
  /** How packages are put down; for dpkg to configure them when absent. */
  readonly form?: StageForm
  /** No time is later: seconds since 1970. */
  readonly epoch: number
  readonly signal: AbortSignal
  /** Called when a package is unpacked. */
  readonly onPackage?: (record: PackageRecord) => void
}

/** What of packages goes into a root filesystem, and what describes them there. */
export interface StageForm {
  readonly database: Database
  readonly keeps: (entry: EntryHead) => boolean
}

/**
 * Returns the tar of a root filesystem whose packages are unpacked and not configured: their files, and dpkg's database.
 * The same packages give the same bytes. Throws BootstrapError when a package is refused, and the signal's reason.
 */
export const stageTar = (request: StageRequest): AsyncGenerator<Uint8Array> =>
  gathered(piecesOf(request))

const piecesOf = async function* (request: StageRequest): AsyncGenerator<Uint8Array> {
  const tree = newTree()
  const { database, keeps } = request.form ?? { database: newDatabase(), keeps: () => true }
  const writer = writerFor(tree, request)
  yield* writer.folder('')
  if (request.isMerged) for (const name of MERGED) yield* writer.merged(name)
  const reading = startReading(request)
  for (const [n, record] of request.packages.entries()) {
    request.signal.throwIfAborted()
    const unpacked = await reading(n)
    const open = database.open(record, await unpacked.control())
    const what = `${record.name} ${record.version}`
    yield* entriesOf(unpacked, writer, open, { what, keeps })
    for (const file of open.close(unpacked.md5())) yield* writer.own(file)
    request.onPackage?.(record)
  }
  for (const file of [...database.shared(), ...request.files]) yield* writer.own(file)
  yield endOfTar()
}

/** Asks for packages as they arrive, in order, and returns how to wait for one that is being unpacked. */
const startReading = ({
  packages,
  arrival,
  unpackers,
}: StageRequest): ((n: number) => Promise<Unpacked>) => {
  const started: Promise<Unpacked>[] = []
  let before: Promise<unknown> = Promise.resolve()
  for (const [id, { name, version, sha256, installedBytes }] of packages.entries()) {
    const mostBytes = MOST_BYTES + 3 * installedBytes
    const work = before.then(async () => {
      const path = await arrival(id)
      return unpackers.read({ id, path, sha256, what: `${name} ${version}`, mostBytes })
    })
    // Whoever waits for it is told; nobody does once another package has failed.
    work.catch(() => undefined)
    started.push(work)
    before = work
  }
  return n => started[n] ?? Promise.reject(new Error(`There is no package ${n}`))
}

// The index says what a package takes on disk, in rounded numbers and by the archive's own measure.
const MOST_BYTES = 64 * 1024 * 1024

const MERGED = ['bin', 'sbin', 'lib']
// Made when a package has something in them: which there are depends on the architecture.
const MERGED_LATER = ['lib32', 'lib64', 'libo32', 'libx32']

interface Writer {
  readonly folder: (path: string) => Generator<Uint8Array>
  readonly merged: (name: string) => Generator<Uint8Array>
  readonly own: (file: OwnFile) => Generator<Uint8Array>
  /** Returns the header of an entry and of what must come before it, or null when it already exists. */
  readonly head: (entry: EntryHead, what: string) => Buffer | null
}

const FOLDER = { kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 } as const

const writerFor = (tree: Tree, { epoch, isMerged }: StageRequest): Writer => {
  const bytesOf = (path: string): Buffer => Buffer.from(path, 'latin1')
  const folderHeader = (path: string): Buffer =>
    tarHeader({ ...FOLDER, path: path === '' ? './' : bytesOf(`${path}/`), mtime: epoch })
  const above = (path: string): Buffer[] => tree.missingAbove(path).map(folderHeader)
  const folder = function* (path: string): Generator<Uint8Array> {
    yield folderHeader(path)
  }
  const linkHeaders = (name: string): Buffer[] => {
    const target = `usr/${name}`
    const kind = 'symlink' as const
    tree.place({ path: name, kind, link: target }, 'merged-/usr')
    const link = tarHeader({
      ...FOLDER,
      path: name,
      kind,
      mode: 0o777,
      linkPath: target,
      mtime: epoch,
    })
    return [link, ...above(`${target}/`)]
  }
  const merged = function* (name: string): Generator<Uint8Array> {
    yield* linkHeaders(name)
  }
  const own = function* (file: OwnFile): Generator<Uint8Array> {
    const { path, mode, bytes, owner = 0, replaceable: givesWay } = file
    const kind = path.endsWith('/') ? 'directory' : 'file'
    const place = path.replace(/\/$/, '')
    if ((kind === 'directory' || givesWay) && tree.has(place)) return
    yield* above(place)
    const size = bytes.length
    yield tarHeader({ path, kind, mode, uid: owner, gid: owner, size, mtime: epoch })
    yield bytes
    yield padding(size)
  }
  const late = (path: string): Buffer[] => {
    const top = path.split('/', 1)[0] ?? ''
    const isLate = isMerged && MERGED_LATER.includes(top) && !tree.has(top)
    return isLate ? linkHeaders(top) : []
  }
  const head = (entry: EntryHead, what: string): Buffer | null => {
    if (entry.path === '') return null
    const before = entry.kind === 'symlink' ? [] : late(entry.path)
    const path = tree.place(entry, what)
    if (path === null) return before.length === 0 ? null : Buffer.concat(before)
    const link = entry.kind === 'hardlink' ? tree.resolve(entry.link) : entry.link
    const spec: HeaderSpec = {
      path: bytesOf(entry.kind === 'directory' ? `${path}/` : path),
      kind: entry.kind === 'other' ? 'file' : entry.kind,
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      size: entry.kind === 'file' ? entry.size : 0,
      mtime: Math.max(0, Math.min(Math.floor(entry.mtime), epoch)),
      linkPath: bytesOf(link),
      xattrs: new Map(entry.xattrs),
    }
    return Buffer.concat([...before, ...above(path), tarHeader(spec)])
  }
  return { folder, merged, own, head }
}

const entriesOf = async function* (
  unpacked: Unpacked,
  { head }: Writer,
  { listed, body }: OpenPackage,
  { what, keeps }: { readonly what: string; readonly keeps: StageForm['keeps'] },
): AsyncGenerator<Uint8Array> {
  let remaining = 0
  let filler = 0
  let isKept = true
  for await (const { parts, bytes } of unpacked.batches()) {
    let at = 0
    for (const part of parts) {
      if (typeof part === 'number') {
        const piece = bytes.subarray(at, at + part)
        body?.(piece)
        if (isKept) yield piece
        at += part
        remaining -= part
        if (remaining === 0 && isKept) yield padding(filler)
        continue
      }
      listed(part)
      remaining = part.kind === 'file' ? part.size : 0
      filler = remaining
      isKept = keeps(part)
      const header = isKept ? head(part, what) : null
      if (header !== null) yield header
    }
  }
}
