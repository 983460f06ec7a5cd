import type { ImageFile } from './types.ts'

/** An entry of a layer to be written; `file` is null for a directory. */
export interface PlannedEntry {
  /** A directory's ends in a slash. */
  readonly path: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly file: ImageFile | null
}

/**
 * Returns the entries for these files and their parent directories, parents first, sorted by the bytes of the path.
 * @throws Error when a path is not relative and plain, is there twice, or is both a file and a directory.
 */
export const planEntries = (files: readonly ImageFile[]): PlannedEntry[] => {
  const entries = new Map<string, PlannedEntry>()
  for (const file of files) {
    checkFile(file)
    for (const parent of parentsOf(file.path)) entries.set(parent, directory(parent))
  }
  for (const file of files) {
    if (entries.has(file.path)) throw new Error(`${file.path} is there twice`)
    if (entries.has(`${file.path}/`)) throw new Error(`${file.path} is a file and a directory`)
    const { path, mode, uid = 0, gid = 0 } = file
    entries.set(path, { path, mode, uid, gid, file })
  }
  return [...entries.values()].sort((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  )
}

/** Everybody writes in /tmp, and only its owner removes a file. */
const TMP_MODE = 0o1777

const parentsOf = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`)
}

const directory = (path: string): PlannedEntry => ({
  path,
  mode: path === 'tmp/' ? TMP_MODE : 0o755,
  uid: 0,
  gid: 0,
  file: null,
})

const checkFile = (file: ImageFile): void => {
  const wrong = wrongPath(file.path)
  if (wrong !== null)
    throw new Error(`${JSON.stringify(file.path)} cannot be in an image: ${wrong}`)
  const numbers: readonly (readonly [number, number])[] = [
    [file.mode, 0o7777],
    [file.uid ?? 0, 0xffffffff],
    [file.gid ?? 0, 0xffffffff],
  ]
  if (numbers.some(([value, most]) => !Number.isInteger(value) || value < 0 || value > most)) {
    throw new Error(`${file.path} has an impossible mode or owner`)
  }
}

const wrongPath = (path: string): string | null => {
  const parts = path.split('/')
  if (path.startsWith('/')) return 'its path must be relative'
  if (parts.some(part => part === '' || part === '.' || part === '..')) {
    return "its path must not have empty parts, '.' or '..'"
  }
  if (parts.some(part => part.startsWith('.wh.'))) return 'a name with .wh. would delete a file'
  if (path.includes('\0')) return 'its path has a zero byte'
  return Buffer.from(path).toString() === path ? null : 'its path is not Unicode text'
}
