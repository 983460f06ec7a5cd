import { BootstrapError } from '../errors.ts'
import type { OpenPackage } from './package.ts'
import { fullName } from './types.ts'
import { satisfies } from './catalogue.ts'

/** Permissions and numeric owners of an entry. */
export interface Access {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** A file, a link, a pipe of a package, as it goes into the root filesystem and into apk's database. */
export interface TreeFile extends Access {
  readonly kind: 'file' | 'symlink' | 'hardlink' | 'fifo'
  /** As in the package: relative, without `.` and `..`. */
  readonly path: string
  /** Bytes of a file. */
  readonly size: number
  /** Where a symbolic link leads; for a hard link the path of the file. */
  readonly target: string
  /** sha1 of a file's bytes or of a symbolic link's target, as the database has it; null for a pipe. */
  readonly checksum: Buffer | null
  readonly xattrs: ReadonlyMap<string, Buffer>
  readonly mtime: number
}

/** A folder of a package with the files that the package has in it. */
export interface TreeFolder extends Access {
  /** Relative, without a last `/`; empty for the root. */
  readonly path: string
  readonly xattrs: ReadonlyMap<string, Buffer>
  readonly files: TreeFile[]
}

/** A package as it is installed. */
export interface InstalledPackage {
  readonly open: OpenPackage
  /** In the order of its archive; files that a later package replaced are taken out. */
  readonly folders: TreeFolder[]
}

/** The root filesystem as the packages make it, before anything of ours. */
export class Tree {
  readonly installed: InstalledPackage[] = []
  readonly #owners = new Map<string, { owner: InstalledPackage; folder: TreeFolder }>()
  readonly #folders = new Map<string, Access>()
  readonly #links = new Map<string, string>()

  /** Adds a package over those before it. Throws BootstrapError `file-conflict`. */
  add(open: OpenPackage, folders: TreeFolder[]): void {
    const added: InstalledPackage = { open, folders }
    for (const folder of folders) {
      if (folder.path !== '') this.#addFolder(folder)
      const kept = folder.files.filter(file => this.#claim(file, folder, added))
      folder.files.splice(0, folder.files.length, ...kept)
    }
    this.installed.push(added)
  }

  /** Returns the folders by path, with what their packages agree on. */
  folders(): ReadonlyMap<string, Access> {
    return this.#folders
  }

  /** Returns whether there is anything at a path. */
  has(path: string): boolean {
    return this.#owners.has(path) || this.#folders.has(path)
  }

  /** Returns a file by its path, wherever it came from. */
  file(path: string): TreeFile | undefined {
    return this.#owners.get(path)?.folder.files.find(file => file.path === path)
  }

  /** Returns which package a file is from. */
  ownerOf(path: string): InstalledPackage | undefined {
    return this.#owners.get(path)?.owner
  }

  /** Returns a path with the links in its folders followed, so that a tar never writes through a link. */
  resolved(path: string): string {
    const parts = path.split('/')
    const done: string[] = []
    let hops = 0
    while (parts.length > 0) {
      const part = parts.shift() ?? ''
      if (part === '' || part === '.') continue
      if (part === '..') {
        done.pop()
        continue
      }
      done.push(part)
      const target = parts.length > 0 ? this.#links.get(done.join('/')) : undefined
      if (target === undefined) continue
      if (++hops > 40) throw loop(path)
      if (target.startsWith('/')) done.length = 0
      else done.pop()
      parts.unshift(...target.split('/'))
    }
    return done.join('/')
  }

  #addFolder(folder: TreeFolder): void {
    const known = this.#folders.get(folder.path)
    const { mode, uid, gid } = folder
    this.#folders.set(folder.path, known === undefined ? { mode, uid, gid } : agreed(known, folder))
  }

  // Returns whether the file stays: an earlier package may be more important.
  #claim(file: TreeFile, folder: TreeFolder, added: InstalledPackage): boolean {
    const known = this.#owners.get(file.path)
    if (known !== undefined) {
      if (!replaces(added.open, known.owner.open, file.path)) return false
      const at = known.folder.files.findIndex(each => each.path === file.path)
      if (at !== -1) known.folder.files.splice(at, 1)
    }
    this.#owners.set(file.path, { owner: added, folder })
    if (file.kind === 'symlink') this.#links.set(file.path, file.target)
    else this.#links.delete(file.path)
    return true
  }
}

// apk's rule: the lower owner's word counts; of the same owner only what both allow.
const agreed = (a: Access, b: Access): Access => {
  if (b.uid < a.uid || (b.uid === a.uid && b.gid < a.gid)) {
    return { mode: b.mode, uid: b.uid, gid: b.gid }
  }
  return a.uid === b.uid && a.gid === b.gid ? { ...a, mode: a.mode & b.mode } : a
}

const replaces = (later: OpenPackage, earlier: OpenPackage, path: string): boolean => {
  if (later === earlier) throw twice(later, path)
  const origin = later.package.origin
  if (origin !== '' && origin === earlier.package.origin) return true
  const theirs = priority(earlier, later)
  const ours = priority(later, earlier)
  if (theirs > ours) return false
  if (ours >= 0) return true
  throw new BootstrapError(
    'file-conflict',
    `${fullName(later.package)} and ${fullName(earlier.package)} both have the file ${path}.`,
    ['Leave one of them out of --include.'],
  )
}

const priority = (from: OpenPackage, over: OpenPackage): number =>
  from.info.replaces.some(each => satisfies(over.package, each)) ? from.info.replacesPriority : -1

const twice = (open: OpenPackage, path: string): BootstrapError =>
  new BootstrapError('apk-malformed', `${fullName(open.package)} has the file ${path} twice.`, [
    'Give another --mirror.',
  ])

const loop = (path: string): BootstrapError =>
  new BootstrapError('entry-unsafe', `The links on the way to ${path} lead in a circle.`, [
    'Give another --mirror.',
  ])
