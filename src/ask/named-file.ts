import { UsageError } from '../errors.ts'
import { readBytes, UnfitFile } from '../text/read-text.ts'

/**
 * Returns the bytes of a file that a person named as `text` by a flag: a regular file, or a link to one, of 8 MB at most.
 * Throws UsageError with `advice` when there is none, or it can't be read.
 */
export const namedBytes = (flag: string, path: string, text: string, advice: string): Buffer => {
  let why = `there is no file ${text}`
  try {
    const bytes = readBytes(path, { most: LARGEST, links: true })
    if (bytes !== null) return bytes
  } catch (error) {
    why =
      error instanceof UnfitFile
        ? `${text} ${error.why}`
        : `${text} can't be read (${(error as NodeJS.ErrnoException).code})`
  }
  throw new UsageError(`--${flag}: ${why}.`, [advice])
}

const LARGEST = 8_000_000
