import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'

/** A digest by another algorithm than SHA-256 that a blob is named by. */
export interface NamedHash {
  readonly algorithm: string
  readonly hash: Hash
}

const BLOB = /^blobs\/([a-z0-9+._-]+)\/([a-zA-Z0-9=_-]+)$/

/** The algorithms of the OCI image specification 1.1 that Node has, besides SHA-256, and their digits. */
const OTHERS: Readonly<Record<string, number>> = { sha512: 128, sha384: 96 }

/** Returns a hash for a file that is named by a known algorithm other than SHA-256, else null. */
export const plainHash = (name: string): NamedHash | null => {
  const algorithm = BLOB.exec(name)?.[1] ?? ''
  return algorithm in OTHERS ? { algorithm, hash: createHash(algorithm) } : null
}

/** Returns the digest of what a hash was given. */
export const namedDigest = ({ algorithm, hash }: NamedHash): string =>
  `${algorithm}:${hash.digest('hex')}`

/** What a digest in a document is: one that is verified here, one of an algorithm that is not known, or none. */
export const digestKind = (digest: string): 'known' | 'unknown' | 'none' => {
  const [algorithm = '', hex = ''] = digest.split(':')
  const digits = algorithm === 'sha256' ? 64 : OTHERS[algorithm]
  if (digits !== undefined) {
    return hex.length === digits && /^[0-9a-f]+$/.test(hex) ? 'known' : 'none'
  }
  return /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/.test(digest) ? 'unknown' : 'none'
}
