import { isWhiteout } from './layer-tally.ts'
import type { FolderSize, LackedStarter, Starter } from './types.ts'

/** What an image shows of its layers. */
export interface Contents {
  /** For each layer: bytes of lower ones that it hides, and bytes of its own that later ones hide. */
  readonly layers: readonly { readonly hidBytes: number; readonly wastedBytes: number }[]
  /** The largest folders and files, as a tree. */
  readonly tree: readonly FolderSize[]
  /** Whether a file surely is not there; what is below a link may be. */
  readonly lacks: (path: string) => boolean
  /** Returns what a program, or what it asks for, asks for in vain, or null; a program below a link is not looked for. */
  readonly lackedBy: (program: string) => LackedStarter | null
}

/** A layer's files by their paths, and what its programs ask for. */
export interface LayerFiles {
  readonly paths: ReadonlyMap<string, number> | null
  readonly starters?: ReadonlyMap<string, Starter>
}

/** Returns what the layers, the lowest first, look like one on the other; nothing when their files are not all known. */
export const contentsOf = (layers: readonly LayerFiles[]): Contents => {
  const sums = layers.map(() => ({ hidBytes: 0, wastedBytes: 0 }))
  const seen = new Map<string, { readonly bytes: number; readonly layer: number }>()
  for (const [at, { paths }] of layers.entries()) {
    if (paths === null) return { layers: sums, tree: [], lacks: () => false, lackedBy: () => null }
    for (const path of hiddenBy(paths, seen.keys())) {
      const { bytes, layer } = seen.get(path)!
      sums[layer]!.wastedBytes += bytes
      sums[at]!.hidBytes += bytes
      seen.delete(path)
    }
    for (const [path, bytes] of paths) if (!isWhiteout(path)) seen.set(path, { bytes, layer: at })
  }
  // Where .. leads depends on what may be a link.
  const lacks = (path: string): boolean =>
    !path.split('/').includes('..') && !partsOf(path).some(part => seen.has(part))
  const starterOf = (path: string): Starter | undefined => {
    const name = partsOf(path).at(-1) ?? ''
    return layers[seen.get(name)?.layer ?? -1]?.starters?.get(name)
  }
  return {
    layers: sums,
    tree: treeOf(seen),
    lacks,
    lackedBy: program => lackedOf(program, starterOf, lacks),
  }
}

/** Linux follows scripts of scripts so far. */
const MOST_STARTERS = 5

const lackedOf = (
  program: string,
  starterOf: (path: string) => Starter | undefined,
  lacks: (path: string) => boolean,
): LackedStarter | null => {
  let of = program
  for (let at = 0; at < MOST_STARTERS; at++) {
    const starter = starterOf(of)
    if (starter?.path.startsWith('/') !== true) return null
    if (lacks(starter.path)) return { ...starter, of }
    of = starter.path
  }
  return null
}

/** A path and everything that it lies below, without the first slash: a link is known by its name alone. */
const partsOf = (path: string): string[] => {
  const parts = path.split('/').filter(part => part !== '' && part !== '.')
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** What a layer hides: files that it has too or has whiteouts for, and all below these. */
const hiddenBy = (paths: ReadonlyMap<string, number>, lower: Iterable<string>): string[] => {
  if (paths.size === 0) return []
  const isHidden = (path: string): boolean =>
    paths.has(path) ||
    paths.has(path.replace(/[^/]*$/, '.wh.$&')) ||
    paths.has(path.replace(/[^/]*$/, OPAQUE)) ||
    (path.includes('/') && isHidden(path.replace(/\/[^/]*$/, '')))
  return [...lower].filter(isHidden)
}

const OPAQUE = '.wh..wh..opq'

interface Folder {
  bytes: number
  readonly inside: Map<string, Folder>
}

const treeOf = (files: ReadonlyMap<string, { readonly bytes: number }>): FolderSize[] => {
  const root: Folder = { bytes: 0, inside: new Map() }
  for (const [path, { bytes }] of files) {
    let at = root
    root.bytes += bytes
    for (const part of path.split('/').slice(0, DEEPEST)) {
      const next = at.inside.get(part) ?? { bytes: 0, inside: new Map<string, Folder>() }
      at.inside.set(part, next)
      next.bytes += bytes
      at = next
    }
  }
  return branchesOf(root, '', root.bytes / SMALLEST)
}

/** The tree stops there, and shows of each folder so many that are at least this part of the whole. */
const DEEPEST = 3
const MOST = 5
const SMALLEST = 25

const branchesOf = (folder: Folder, above: string, least: number): FolderSize[] =>
  [...folder.inside]
    .filter(([, { bytes }]) => bytes > 0 && bytes >= least)
    .sort(([, a], [, b]) => b.bytes - a.bytes)
    .slice(0, MOST)
    .flatMap(([name, inside]) => [
      { path: above + name, bytes: inside.bytes },
      ...branchesOf(inside, `${above}${name}/`, least),
    ])
