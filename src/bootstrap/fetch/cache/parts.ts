import { join } from 'node:path'

/** The folders inside a cache; nothing else in it but `SEEN` is ours. */
export const PARTS = ['sha256', 'partial', 'http'] as const

/** The folder of what was believed before, which takes no room worth freeing. */
export const SEEN = 'seen'

/** A lower-case sha256 in hex. */
export const HASH = /^[0-9a-f]{64}$/

/** Returns where the file with a hash is kept. Throws Error for what is not a hash, so that no path can be made of it. */
export const blobPath = (folder: string, sha256: string): string => {
  if (!HASH.test(sha256)) throw new Error('A hash must have 64 hexadecimal digits')
  return join(folder, 'sha256', sha256.slice(0, 2), sha256)
}

/** A file that other programs know a cache by (bford.info/cachedir). */
export const TAG = 'CACHEDIR.TAG'

/** What the tag must begin with, and words for a person who finds it. */
export const TAG_TEXT = [
  'Signature: 8a477f597d28d172789f06886806bc55',
  '# Made by create-base-image: packages and indexes, fetched again when they are needed.',
  '',
].join('\n')
