import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/** A file that is not read: `why` goes on after its name, such as "is not a regular file". */
export class UnfitFile extends Error {
  readonly why: string

  constructor(path: string, why: string) {
    super(`${path} ${why}`)
    this.name = 'UnfitFile'
    this.why = why
  }
}

/** How a file is read. */
export interface ReadBounds {
  /** The most bytes that it may have. */
  readonly most: number
  /** Whether the file itself may be a link: only where a person named it. */
  readonly links?: boolean
}

/**
 * Returns the text of a regular file; null when there is none. A pipe or a device would keep us waiting, and a file
 * without end fill the memory. Throws UnfitFile for what is none, a link that is not allowed, or too many bytes; the file
 * system's error when it can't be read.
 */
export const readText = (path: string, bounds: ReadBounds): string | null =>
  readBytes(path, bounds)?.toString('utf8') ?? null

/** As readText, but gives the bytes. */
export const readBytes = (path: string, { most, links = false }: ReadBounds): Buffer | null => {
  const file = openRegular(path, links)
  if (file === null) return null
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw new UnfitFile(path, 'is not a regular file')
    if (found.size > most) throw new UnfitFile(path, `has more than ${most} bytes`)
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

const openRegular = (path: string, links: boolean): number | null => {
  const follow = links ? 0 : constants.O_NOFOLLOW
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | follow)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null
    if (code === 'ELOOP') throw new UnfitFile(path, 'is a link')
    if (code === 'ENXIO') throw new UnfitFile(path, 'is not a regular file')
    throw error
  }
}
