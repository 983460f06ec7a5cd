import type { EntryHead } from './messages.ts'
import { named, refuse } from './refuse.ts'
import { linkGoal } from './safe-path.ts'

/** What is known of the root filesystem so far, by path; paths are relative and as bytes in latin1. */
export interface Tree {
  /**
   * Returns the path at which an entry goes, links on the way followed, or null when it is there already and stays.
   * Throws BootstrapError `file-conflict` when something else is there, `entry-unsafe` for a link out of the root.
   */
  readonly place: (entry: Pick<EntryHead, 'path' | 'kind' | 'link'>, what: string) => string | null
  /** Returns a path with the links on the way followed, as a file below it would be found. */
  readonly resolve: (path: string) => string
  /** Returns the folders above a path that are not there yet, outermost first; from then on they are. */
  readonly missingAbove: (path: string) => string[]
  readonly has: (path: string) => boolean
}

type Kind = 'directory' | 'file' | 'symlink'

const MOST_LINKS = 40

/** Returns an empty tree. */
export const newTree = (): Tree => {
  const kinds = new Map<string, Kind>()
  const owners = new Map<string, string>()
  const links = new Map<string, { readonly goal: string; readonly target: string }>()
  // Folders as they were found, until a new link may change that.
  const found = new Map<string, string>()

  const resolve = (path: string): string => {
    let rest = path.split('/')
    let at = ''
    let followed = 0
    while (rest.length > 0) {
      const [first = '', ...others] = rest
      const next = at === '' ? first : `${at}/${first}`
      const link = links.get(next)
      if (link === undefined || followed >= MOST_LINKS) {
        at = next
        rest = others
      } else {
        followed++
        rest = [...link.goal.split('/').filter(part => part !== ''), ...others]
        at = ''
      }
    }
    return at
  }
  const folder = (path: string): string => {
    const known = found.get(path)
    if (known !== undefined) return known
    const resolved = resolve(path)
    found.set(path, resolved)
    return resolved
  }
  const inFolder = (path: string): string => {
    const slash = path.lastIndexOf('/')
    if (slash === -1) return path
    const above = folder(path.slice(0, slash))
    return above === '' ? path.slice(slash + 1) : `${above}${path.slice(slash)}`
  }
  const place: Tree['place'] = ({ path, kind, link }, what) => {
    const own = inFolder(path)
    const there = kinds.get(own)
    if (kind === 'directory') return placeFolder(path, own, there, what)
    if (kind === 'symlink') return placeLink(own, path, link, there, what)
    if (there !== undefined) throw conflict(own, there, what)
    if (kind === 'hardlink' && kinds.get(inFolder(link)) !== 'file') {
      throw refuse('entry-unsafe', what, `the hard link ${named(path)} has no file to share`)
    }
    return add(own, 'file', what)
  }
  const add = (path: string, kind: Kind, what: string): string => {
    kinds.set(path, kind)
    owners.set(path, what)
    return path
  }
  const placeFolder = (
    path: string,
    own: string,
    there: Kind | undefined,
    what: string,
  ): string | null => {
    if (there === 'directory') return null
    if (there === undefined) return add(own, 'directory', what)
    // As dpkg does it: a link that leads to a folder stands for the folder.
    const goal = there === 'symlink' ? resolve(path) : own
    if (goal !== own && kinds.get(goal) === 'directory') return null
    if (goal !== own && kinds.get(goal) === undefined) return add(goal, 'directory', what)
    throw conflict(own, there, what)
  }
  const placeLink = (
    own: string,
    path: string,
    target: string,
    there: Kind | undefined,
    what: string,
  ): string | null => {
    const goal = linkGoal(path, target, what)
    // As dpkg does it: a folder that is there is never replaced by a link.
    if (there === 'directory') return null
    if (there === 'symlink' && links.get(own)?.target === target) return null
    if (there !== undefined) throw conflict(own, there, what)
    links.set(own, { goal: own === path ? goal : linkGoal(own, target, what), target })
    found.clear()
    return add(own, 'symlink', what)
  }
  const conflict = (path: string, there: Kind, what: string): Error => {
    const other = owners.get(path) ?? 'another package'
    const whose = other === what ? 'it has it twice' : `${other} has it as a ${there}`
    return refuse('file-conflict', what, `${named(path)} is there already, ${whose}`)
  }
  const missingAbove = (path: string): string[] => {
    const parts = path.split('/').slice(0, -1)
    const all = parts.map((_, n) => parts.slice(0, n + 1).join('/'))
    const missing = all.filter(each => !kinds.has(each))
    for (const each of missing) kinds.set(each, 'directory')
    return missing
  }
  return { place, resolve, missingAbove, has: path => kinds.has(path) }
}
