import type { PrivateKey } from 'openpgp'
import type { ArchiveKey } from '../../../src/bootstrap/types.ts'

/** A key that signs, and its certificate as an archive's key file. */
export interface Signer {
  readonly privateKey: PrivateKey
  readonly key: ArchiveKey
}

/** Makes a key; `days` after `made` it expires, 0 for never. */
export const makeSigner = async (made: Date, days = 0): Promise<Signer> => {
  const { generateKey, readPrivateKey } = await import('openpgp')
  const { privateKey, publicKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name: 'Archive' }],
    date: made,
    keyExpirationTime: days * 86_400,
    format: 'armored',
  })
  const key = await readPrivateKey({ armoredKey: privateKey })
  return {
    privateKey: key,
    key: {
      file: 'archive.asc',
      certificate: Buffer.from(publicKey),
      fingerprint: key.getFingerprint().toUpperCase(),
    },
  }
}

/** Signs a text as InRelease files are. */
export const signText = async (
  text: string,
  signers: readonly Signer[],
  date: Date,
): Promise<Buffer> => {
  const { createCleartextMessage, sign } = await import('openpgp')
  const message = await createCleartextMessage({ text })
  const signingKeys = signers.map(({ privateKey }) => privateKey)
  return Buffer.from(await sign({ message, signingKeys, date }))
}
