import type { CleartextMessage, Key, VerifyMessageResult } from 'openpgp'
import { BootstrapError, type IndexCode } from '../errors.ts'
import type { ArchiveKey } from '../types.ts'
import { fingerprintOf, readKeys } from './keys.ts'

/** The text of a signed file as far as it is signed, and by whom. */
export interface SignedText {
  readonly text: string
  /** Fingerprints of the primary keys, in upper-case hex. */
  readonly signedBy: readonly string[]
}

/**
 * Verifies a cleartext-signed file against the keys alone, at the time `now` (milliseconds since 1970). One good
 * signature is enough; those by keys that are not ours do not count; a wrong one by a key of ours spoils all. Throws
 * `index-unsigned`, `key-unknown`, `key-unsupported`, `signature-wrong`, `key-expired`, `key-revoked`, `signature-weak`
 * or `signature-expired`. Nothing but the returned text may be believed.
 */
export const verifySigned = async (
  bytes: Uint8Array,
  files: readonly ArchiveKey[],
  now: number,
  what: string,
): Promise<SignedText> => {
  const signed = Buffer.from(bytes).toString('utf8')
  const message = await readMessage(signed, what)
  const keys = await readKeys(files)
  const known = keys.filter(key => !isUnsupported(key))
  const { verify } = await import('openpgp')
  // A clock that is behind must not look like a bad signature: the date in the text is compared later.
  const date = new Date(Math.max(now, await newestSignature(signed)))
  const { data, signatures } = await verify({ message, verificationKeys: known, date }).catch(
    unreadable(what),
  )
  const results = await Promise.all(signatures.map(one => judge(one, keys, date)))
  if (results.some(({ code }) => code === 'signature-wrong'))
    refuse('signature-wrong', what, results)
  const good = results.filter(({ code }) => code === null)
  if (good.length === 0) {
    const code = TELLING.find(one => results.some(result => result.code === one))
    refuse(code ?? 'index-unsigned', what, results)
  }
  return { text: data, signedBy: good.flatMap(({ key }) => key ?? []) }
}

/** Where no signature is good, the reason that helps most. */
const TELLING: readonly IndexCode[] = [
  'key-revoked',
  'key-expired',
  'key-unsupported',
  'signature-expired',
  'signature-weak',
  'key-unknown',
]

/** What Node verifies by itself; the library's own code for other curves does not ship. */
const CURVES = new Set<string | undefined>([
  undefined,
  'nistP256',
  'nistP384',
  'nistP521',
  'ed25519Legacy',
  'curve25519Legacy',
])

const isUnsupported = (key: Key): boolean =>
  key.getKeys().some(one => {
    const { algorithm, curve } = one.getAlgorithmInfo()
    return !CURVES.has(curve) || algorithm === 'ed448'
  })

type VerificationResult = VerifyMessageResult['signatures'][number]

interface Result {
  readonly code: IndexCode | null
  /** The primary key's fingerprint, or the key ID of the signature when we have no such key. */
  readonly key: string
}

const LARGEST = 32_000_000

const readMessage = async (text: string, what: string): Promise<CleartextMessage> => {
  const { readCleartextMessage } = await import('openpgp')
  // Everything outside the signed part would be ignored by the library; other readers might believe it.
  const isWhole =
    text.startsWith('-----BEGIN PGP SIGNED MESSAGE-----') &&
    /-----END PGP SIGNATURE-----\s*$/.test(text.slice(-200))
  if (text.length > LARGEST || !isWhole)
    throw new BootstrapError('index-unsigned', `${what} is not a signed file.`, [
      'The mirror may have sent a web page or a truncated file; try again, or another with --mirror URL.',
    ])
  return readCleartextMessage({ cleartextMessage: text }).catch(unreadable(what))
}

/** Some damage is noticed only when the signatures are verified, such as an algorithm that does not exist. */
const unreadable =
  (what: string) =>
  (error: unknown): never => {
    throw new BootstrapError(
      'index-unsigned',
      `${what} has no signature that can be read.`,
      ['Try another mirror with --mirror URL.'],
      error,
    )
  }

/** When the newest of the signatures says that it was made, in milliseconds since 1970; 0 when none can be read. */
const newestSignature = async (text: string): Promise<number> => {
  const { readSignature } = await import('openpgp')
  const armoredSignature = text.slice(text.lastIndexOf('-----BEGIN PGP SIGNATURE-----'))
  const signature = await readSignature({ armoredSignature }).catch(() => null)
  if (signature === null) return 0
  const times = signature.packets.map(packet => packet.created?.getTime() ?? 0)
  return Math.max(0, ...times)
}

const judge = async (
  one: VerificationResult,
  keys: readonly Key[],
  date: Date,
): Promise<Result> => {
  const key = keys.find(candidate => candidate.getKeys(one.keyID).length > 0)
  const id = one.keyID.toHex().toUpperCase()
  if (key === undefined) return { code: 'key-unknown', key: id }
  if (isUnsupported(key)) return { code: 'key-unsupported', key: fingerprintOf(key) }
  // The library asks whether the key was good when it signed; what counts is whether it is good today.
  const error = await Promise.all([one.verified, key.getSigningKey(one.keyID, date)]).then(
    () => null,
    (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
  )
  const fingerprint = fingerprintOf(key)
  if (error === null) return { code: null, key: fingerprint }
  return { code: await reasonOf(error, key, one, date), key: fingerprint }
}

const reasonOf = async (
  { message }: Error,
  key: Key,
  one: VerificationResult,
  date: Date,
): Promise<IndexCode> => {
  if (await key.isRevoked(undefined, undefined, date)) return 'key-revoked'
  const expires = await key.getExpirationTime().catch(() => null)
  if (expires instanceof Date && expires <= date) return 'key-expired'
  if (/insecure|weak|MD5|SHA-?1|RIPE|does not meet|rejected/i.test(message)) return 'signature-weak'
  if (/expired/i.test(message))
    return /signature/i.test(message) && !/key/i.test(message) ? 'signature-expired' : 'key-expired'
  if (/revoked/i.test(message)) return 'key-revoked'
  const { packets } = await one.signature
  return packets.length === 0 ? 'key-unknown' : 'signature-wrong'
}

const refuse = (code: IndexCode, what: string, results: readonly Result[]): never => {
  const keys = [...new Set(results.filter(one => one.code === code).map(({ key }) => key))].join(
    ', ',
  )
  const [words, todo] = SAID[code] ?? ['is not signed', OTHER_MIRROR]
  throw new BootstrapError(code, `${what} ${words.replace('{keys}', keys)}.`, [todo])
}

const OTHER_MIRROR = 'Do not use what it offers; take another mirror with --mirror URL.'
const NEWER_KEYS =
  'Give a newer keyring with --keyring FILE, or use a newer version of create-base-image.'

const SAID: Partial<Record<IndexCode, readonly [string, string]>> = {
  'signature-wrong': [
    'was changed after it was signed: the signature of {keys} does not fit its text',
    OTHER_MIRROR,
  ],
  'key-unknown': [
    'is signed by {keys} alone, which is not one of the keys trusted for it',
    'If the archive has new keys, give its keyring with --keyring FILE.',
  ],
  'key-expired': ['is signed with {keys}, a key that has expired', NEWER_KEYS],
  'key-unsupported': [
    'is signed with {keys}, a key on a curve that is not verified here (NIST curves, Ed25519 and RSA are)',
    'gpgv verifies it: --bootstrap debootstrap.',
  ],
  'key-revoked': ['is signed with {keys}, a key that its owner has revoked', NEWER_KEYS],
  'signature-expired': ['is signed by {keys}, but the signature has expired', OTHER_MIRROR],
  'signature-weak': [
    'is signed by {keys} in a way that is no longer safe (an old hash or a short key)',
    NEWER_KEYS,
  ],
}
