import { appletPaths } from '../busybox/applets.ts'
import { fileBytes, fileText } from './read-file.ts'
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
 * Returns the links that the post-install scripts of BusyBox's packages make, besides those that packages bring: each
 * package lists them in `etc/busybox-paths.d/`; where it does not, as before Alpine 3.17, they are read from the program itself.
 */
export const appletLinks = async (tree: Tree, signal: AbortSignal): Promise<AppletLink[]> => {
  const links = new Map<string, AppletLink>()
  for (const [name, program] of Object.entries(PROGRAMS)) {
    if (tree.file(program) === undefined) continue
    for (const path of await listed(tree, name, program, signal)) {
      if (!tree.has(path) && !links.has(path)) links.set(path, { path, target: `/${program}` })
    }
  }
  return [...links.values()].sort((a, b) => Number(a.path > b.path) - Number(a.path < b.path))
}

const listed = async (
  tree: Tree,
  name: string,
  program: string,
  signal: AbortSignal,
): Promise<string[]> => {
  const list = await fileText(tree, `${LISTS}${name}`, signal)
  if (list !== undefined) return list.split('\n').filter(isAppletPath)
  const bytes = await fileBytes(tree, program, MOST_PROGRAM, signal)
  return bytes === undefined ? [] : appletPaths(bytes).filter(isAppletPath)
}

const MOST_PROGRAM = 64 * 1024 * 1024

const isAppletPath = (line: string): boolean => /^(usr\/)?s?bin\/[A-Za-z0-9_.[-]+$/.test(line)
