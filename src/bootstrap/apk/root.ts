import { tarOf } from '../../tar/write.ts'
import type { HeaderSpec, WrittenEntry } from '../../tar/write.ts'
import { clampedTime } from '../../tar/write.ts'
import { BootstrapError } from '../errors.ts'
import { appletLinks } from './applets.ts'
import { installedText, scriptsTar, triggersText } from './database.ts'
import { streamOf } from './files.ts'
import { entriesOf } from './read-data.ts'
import type { Access, InstalledPackage, Tree, TreeFile } from './tree.ts'
import { fullName } from './types.ts'

/** What goes into a root filesystem besides its packages. */
export interface RootNotes {
  /** The names of the world file, one a line in apk's order. */
  readonly world: readonly string[]
  /** The lines of etc/apk/repositories. */
  readonly repositories: readonly string[]
  /** Alpine's name: `x86_64`. */
  readonly architecture: string
  /** Keys that no package brings, for etc/apk/keys. */
  readonly keys: readonly { readonly name: string; readonly pem: Uint8Array }[]
  /** Seconds since 1970: the latest time of any file, and the time of what no package has. */
  readonly epoch: number
}

/**
 * Returns the tar of a root filesystem: folders first, then each package's files, then BusyBox's links and apk's own
 * files. The same packages give the same bytes. Throws BootstrapError when a package's links can't be kept.
 */
export const rootTar = (
  tree: Tree,
  notes: RootNotes,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> => tarOf(entries(tree, notes, signal))

const entries = async function* (
  tree: Tree,
  notes: RootNotes,
  signal: AbortSignal,
): AsyncGenerator<WrittenEntry> {
  const own = ownFiles(tree, notes)
  const links = await appletLinks(tree, signal)
  const paths = [...own.keys(), ...links.map(link => link.path)]
  for (const [path, access] of folders(tree, paths)) {
    yield { spec: { ...access, path: `${path}/`, kind: 'directory', size: 0, mtime: notes.epoch } }
  }
  const written = new Set(own.keys())
  for (const each of tree.installed) yield* packageFiles(tree, each, { notes, written, signal })
  for (const { path, target } of links) {
    const at = tree.resolved(path)
    if (written.has(at)) continue
    written.add(at)
    yield { spec: { ...LINK, path: at, kind: 'symlink', linkPath: target, mtime: notes.epoch } }
  }
  for (const [path, bytes] of own) yield ownFile(path, bytes, notes)
}

const LINK = { mode: 0o777, uid: 0, gid: 0, size: 0 } as const
const FOLDER: Access = { mode: 0o755, uid: 0, gid: 0 }

/** The folders that apk makes in an empty root. */
const FIRST_FOLDERS: readonly (readonly [string, Access])[] = [
  ['tmp', { ...FOLDER, mode: 0o1777 }],
  ...['dev', 'etc/apk/keys', 'lib/apk/db', 'var/cache/apk', 'var/cache/misc'].map(
    path => [path, FOLDER] as const,
  ),
]

const folders = (tree: Tree, paths: readonly string[]): [string, Access][] => {
  const all = new Map<string, Access>()
  const parents = (path: string): void => {
    const at = path.lastIndexOf('/')
    if (at === -1) return
    const parent = path.slice(0, at)
    if (!all.has(parent)) all.set(parent, FOLDER)
    parents(parent)
  }
  const add = (path: string, access: Access): void => {
    const at = tree.resolved(`${path}/.`)
    parents(at)
    all.set(at, access)
  }
  for (const [path, access] of FIRST_FOLDERS) add(path, access)
  for (const [path, access] of tree.folders()) add(path, access)
  for (const path of paths) parents(tree.resolved(path))
  return [...all].sort(([a], [b]) => Number(a > b) - Number(a < b))
}

interface Writing {
  readonly notes: RootNotes
  readonly written: Set<string>
  readonly signal: AbortSignal
}

const packageFiles = async function* (
  tree: Tree,
  each: InstalledPackage,
  { notes, written, signal }: Writing,
): AsyncGenerator<WrittenEntry> {
  const files = new Map(each.folders.flatMap(folder => folder.files.map(file => [file.path, file])))
  for await (const entry of entriesOf(each.open, signal)) {
    const file = files.get(entry.path)
    const path = file === undefined ? '' : tree.resolved(file.path)
    if (file === undefined || written.has(path)) continue
    written.add(path)
    const spec = headerOf(tree, each, { file, path, epoch: notes.epoch })
    yield file.kind === 'file' ? { spec, body: entry.body } : { spec }
  }
}

const headerOf = (
  tree: Tree,
  each: InstalledPackage,
  { file, path, epoch }: { readonly file: TreeFile; readonly path: string; readonly epoch: number },
): HeaderSpec => {
  const { kind, mode, uid, gid, size, xattrs } = file
  const shared = { path, kind, mode, uid, gid, size, xattrs, mtime: clampedTime(file.mtime, epoch) }
  if (kind === 'symlink') return { ...shared, linkPath: file.target }
  if (kind !== 'hardlink') return shared
  if (tree.ownerOf(file.target) !== each) throw lost(each, file)
  return { ...shared, xattrs: new Map(), linkPath: tree.resolved(file.target) }
}

const lost = (each: InstalledPackage, file: TreeFile): BootstrapError =>
  new BootstrapError(
    'file-conflict',
    `${fullName(each.open.package)} has ${file.path} as a hard link to ${file.target}, which another package replaces.`,
    ['Make the image in a container instead: --engine docker.'],
  )

// By resolved path, so that a package's own file of that name gives way.
const ownFiles = (tree: Tree, notes: RootNotes): ReadonlyMap<string, Buffer> => {
  const lines = (all: readonly string[]): string => all.map(line => `${line}\n`).join('')
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ['etc/apk/arch', lines([notes.architecture])],
    ...notes.keys.map(key => [`etc/apk/keys/${key.name}`, key.pem] as const),
    ['etc/apk/repositories', lines(notes.repositories)],
    ['etc/apk/world', lines(notes.world)],
    ['lib/apk/db/installed', installedText(tree.installed)],
    ['lib/apk/db/scripts.tar', scriptsTar(tree.installed)],
    ['lib/apk/db/triggers', triggersText(tree.installed)],
  ]
  return new Map(files.map(([path, content]) => [tree.resolved(path), Buffer.from(content)]))
}

const ownFile = (path: string, bytes: Buffer, notes: RootNotes): WrittenEntry => ({
  spec: { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime: notes.epoch },
  body: streamOf(bytes),
})
