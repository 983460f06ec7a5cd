import { fileText } from './read-text.ts'
import type { Tree } from './tree.ts'

/** A symbolic link of BusyBox. */
export interface AppletLink {
  readonly path: string
  /** Where it leads, as BusyBox's own --install makes it. */
  readonly target: string
}

const LISTS = 'etc/busybox-paths.d/'
const PROGRAMS: Readonly<Record<string, string>> = {
  busybox: 'bin/busybox',
  'busybox-extras': 'bin/busybox-extras',
}

/**
 * Returns the links that the post-install scripts of BusyBox's packages make: those that each package lists in
 * `etc/busybox-paths.d/` and that no package has itself. A package without such a list, as before Alpine 3.17, gives none.
 */
export const appletLinks = async (tree: Tree, signal: AbortSignal): Promise<AppletLink[]> => {
  const links = new Map<string, AppletLink>()
  for (const [name, program] of Object.entries(PROGRAMS)) {
    if (tree.file(program) === undefined) continue
    for (const path of await listed(tree, name, signal)) {
      if (!tree.has(path) && !links.has(path)) links.set(path, { path, target: `/${program}` })
    }
  }
  return [...links.values()].sort((a, b) => Number(a.path > b.path) - Number(a.path < b.path))
}

const listed = async (tree: Tree, name: string, signal: AbortSignal): Promise<string[]> =>
  ((await fileText(tree, `${LISTS}${name}`, signal)) ?? '').split('\n').filter(isAppletPath)

const isAppletPath = (line: string): boolean => /^(usr\/)?s?bin\/[A-Za-z0-9_.[-]+$/.test(line)
