import type { Key } from 'openpgp'
import { BootstrapError } from '../errors.ts'
import type { ArchiveKey } from '../types.ts'

/**
 * Returns the certificates of some key files, armoured or binary, several in one file too. Throws `keyring-malformed`
 * for a file that holds none, or one that has another fingerprint than it is listed with.
 */
export const readKeys = async (files: readonly ArchiveKey[]): Promise<Key[]> => {
  const openpgp = await import('openpgp')
  const lists = await Promise.all(
    files.map(async ({ file, certificate, fingerprint }) => {
      if (certificate.length > LARGEST) throw malformed(file, 'it is larger than 8 MB')
      const armored = Buffer.from(certificate).toString('latin1')
      const reading = armored.slice(0, 4096).includes(ARMOUR)
        ? allArmoured(openpgp, armored)
        : openpgp.readKeys({ binaryKeys: new Uint8Array(certificate) })
      const keys = await reading.catch((error: unknown) => {
        throw malformed(file, 'no OpenPGP certificate can be read from it', error)
      })
      const publicKeys = keys.filter(key => !key.isPrivate())
      if (publicKeys.length === 0) throw malformed(file, 'it holds no certificate')
      if (fingerprint === undefined) return publicKeys
      const right = publicKeys.filter(key => fingerprintOf(key) === fingerprint)
      if (right.length === 0) throw malformed(file, `it does not hold the key ${fingerprint}`)
      return right
    }),
  )
  return lists.flat()
}

/** The library reads the first block of a text and no more; a keyring may be made by putting several together. */
const allArmoured = async (
  { readKeys }: typeof import('openpgp'),
  text: string,
): Promise<Key[]> => {
  const blocks = text.split(ARMOUR).slice(1)
  const lists = await Promise.all(blocks.map(one => readKeys({ armoredKeys: ARMOUR + one })))
  return lists.flat()
}

/** Returns a primary key's fingerprint in upper-case hex. */
export const fingerprintOf = (key: Key): string => key.getFingerprint().toUpperCase()

const LARGEST = 8_000_000

const ARMOUR = '-----BEGIN PGP PUBLIC KEY BLOCK-----'

const malformed = (file: string, why: string, cause?: unknown): BootstrapError =>
  new BootstrapError(
    'keyring-malformed',
    `The keyring ${file} can't be used: ${why}.`,
    ['Give the file of a keyring package, such as debian-archive-keyring, with --keyring FILE.'],
    cause,
  )
