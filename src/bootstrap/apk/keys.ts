import { createHash, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { BootstrapError } from '../errors.ts'

/** A public key that indexes and packages may be signed with. */
export interface ApkKey {
  /**
   * The file's name, which is the key's name in every signature: `alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub`.
   * Null for a person's own key, which is tried for a signature of any name: a copy of the file may have another.
   */
  readonly name: string | null
  /** The file as it is, in PEM. */
  readonly pem: Uint8Array
  /** sha256 of the key itself (SubjectPublicKeyInfo in DER), in lower-case hex, that it must have; absent for a person's own. */
  readonly fingerprint?: string
}

/** Returns the keys that a signature of this name may be by. */
export type KeyRing = (name: string) => readonly KeyObject[]

/** Returns keys ready to verify with. Throws BootstrapError when one is not an RSA key or has another fingerprint. */
export const keyRing = (keys: readonly ApkKey[]): KeyRing => {
  const objects = keys.map(key => ({ name: key.name, object: publicKey(key) }))
  return name =>
    objects.filter(key => key.name === null || key.name === name).map(key => key.object)
}

const publicKey = (key: ApkKey): KeyObject => {
  const object = parsed(key)
  if (object.asymmetricKeyType !== 'rsa') throw malformed(key, 'it is not an RSA key')
  if (key.fingerprint !== undefined && key.fingerprint !== fingerprintOf(object)) {
    throw malformed(key, 'its fingerprint is not the one it is known by')
  }
  return object
}

/** Returns a key's fingerprint: sha256 of its SubjectPublicKeyInfo in DER, in lower-case hex. */
const fingerprintOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')

const parsed = (key: ApkKey): KeyObject => {
  const text = Buffer.from(key.pem).toString('latin1')
  // A private key would be taken too, by way of its public half; it has no business here.
  if (!text.includes('-----BEGIN PUBLIC KEY-----')) throw malformed(key, 'it is not a public key')
  try {
    return createPublicKey(text)
  } catch {
    throw malformed(key, 'it is not a public key')
  }
}

const malformed = (key: ApkKey, why: string): BootstrapError =>
  new BootstrapError(
    'keyring-malformed',
    `The key ${key.name ?? 'of the keyring'} can't be used: ${why}.`,
    [
      "Give the repository's own key: a file such as packager-5f1a2b3c.rsa.pub that begins with -----BEGIN PUBLIC KEY-----. Keep its name.",
    ],
  )
