import { verify } from 'node:crypto'
import { smallFiles } from './files.ts'
import { firstMember } from './gzip.ts'
import type { FirstMember } from './gzip.ts'
import type { KeyRing } from './keys.ts'

/** What the signatures at the head of an index or a package say. */
export interface SignedContent {
  readonly verdict: Verdict
  /** The name of the key whose signature is good, or null. */
  readonly by: string | null
  /** Everything that is signed: what follows the signatures. */
  readonly content: Buffer
  /** The names of the keys that it claims to be signed with. */
  readonly names: readonly string[]
}

/** `good`: by a key that is here. `stranger`: only by keys that are not. `bad`: a key that is here did not sign it. */
export type Verdict = 'good' | 'unsigned' | 'stranger' | 'bad'

const MOST_SIGNATURES = 1024 * 1024
const DIGESTS: Readonly<Record<string, string>> = {
  RSA: 'sha1',
  RSA256: 'sha256',
  RSA512: 'sha512',
}

/**
 * Returns what is signed and whether to believe it. In format 2 the first gzip member is a tar of files such as
 * `.SIGN.RSA256.<key's file>`, each an RSA signature (PKCS#1 1.5) over the stored bytes that `part` cuts from the rest.
 * One whose first member is no such tar is unsigned. Throws Error when the first member is damaged.
 */
export const readSigned = async (
  bytes: Buffer,
  keys: KeyRing,
  part: (rest: Buffer) => Buffer = rest => rest,
): Promise<SignedContent> => {
  const first = headOf(bytes)
  const signatures = first === null ? null : await signaturesIn(first.content)
  if (first === null || signatures === null) {
    return { verdict: 'unsigned', by: null, content: bytes, names: [] }
  }
  const signed = part(first.rest)
  return {
    ...judge(signatures, keys, signed),
    content: first.rest,
    names: signatures.map(each => each.key),
  }
}

// A first member beyond what signatures may take is content already.
const headOf = (bytes: Buffer): FirstMember | null => {
  try {
    return firstMember(bytes, MOST_SIGNATURES)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null
    throw error
  }
}

interface Signature {
  readonly key: string
  readonly digest: string | undefined
  readonly bytes: Buffer
}

type Judged = Pick<SignedContent, 'verdict' | 'by'>

const judge = (signatures: readonly Signature[], keys: KeyRing, signed: Buffer): Judged => {
  const known = signatures.filter(each => each.digest !== undefined && keys(each.key).length > 0)
  if (known.length === 0) return { verdict: 'stranger', by: null }
  const good = known.find(each => isGood(each, keys, signed))
  if (good !== undefined) return { verdict: 'good', by: good.key }
  return { verdict: 'bad', by: null }
}

const isGood = ({ key, digest, bytes }: Signature, keys: KeyRing, signed: Buffer): boolean =>
  digest !== undefined && keys(key).some(object => verify(digest, signed, object, bytes))

const signaturesIn = async (tar: Buffer): Promise<Signature[] | null> => {
  const found: Signature[] = []
  for (const file of await smallFiles(tar)) {
    const match = /^\.SIGN\.([^./]+)\.([^/]+)$/.exec(file.path)
    if (match === null) return null
    found.push({ key: match[2] ?? '', digest: DIGESTS[match[1] ?? ''], bytes: file.bytes })
  }
  return found.length === 0 ? null : found
}
