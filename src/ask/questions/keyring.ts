import { resolve } from 'node:path'
import type { Distribution } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import { namedBytes } from '../named-file.ts'
import { asShellTakes } from '../typed-path.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

export const keyring: Question<string> = {
  ...flagOf('keyring'),
  prompt: { label: 'Keyring', message: 'Which file has the keys?' },
  parse: (text, base) => {
    const path = resolve(base, asShellTakes(text, base))
    bytesOf(path, text)
    return path
  },
}

const bytesOf = (path: string, text: string): Buffer => namedBytes('keyring', path, text, ADVICE)

const ADVICE =
  'Give a file of public keys, as in /usr/share/keyrings, /etc/pki/rpm-gpg, /usr/share/pacman/keyrings or /etc/apk/keys.'

/**
 * Checks that a file, which a person named as `text`, has keys in the form that a distribution's tools take.
 * Throws UsageError.
 */
export const checkKeys = (one: Pick<Distribution, 'keyForm'>, path: string, text = path): void =>
  CHECKS[one.keyForm](bytesOf(path, text), text)

/**
 * gpgv and sqv, which debootstrap asks, and apt in the image take keys only as bytes: a packet of tag 6 (RFC 9580, 4.2).
 * A keybox of GnuPG is read by gpgv alone.
 */
const checkBinary = (bytes: Buffer, text: string): void => {
  const [first = 0] = bytes
  if ((first & 0xfc) === 0x98 || first === 0xc6) return
  if (bytes.toString('latin1', 8, 12) === 'KBXf')
    throw new UsageError(`--keyring: ${text} is a keybox, which only GnuPG itself can read.`, [
      `Make a plain file from it: gpg --no-default-keyring --keyring ${keyboxPath(text)} --export --output keys.gpg`,
    ])
  if (bytes.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----'))
    throw new UsageError(
      `--keyring: ${text} has its keys as text, and gpgv needs them in binary form.`,
      [`Convert it: gpg --output keys.gpg --dearmor ${text}`],
    )
  throw new UsageError(`--keyring: ${text} has no public keys.`, [ADVICE])
}

/** rpm and pacman take keys as text, and as bytes too. */
const checkOpenPgp = (bytes: Buffer, text: string): void => {
  if (!bytes.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) checkBinary(bytes, text)
}

/** apk signs with plain RSA keys. */
const checkPem = (bytes: Buffer, text: string): void => {
  if (bytes.includes('-----BEGIN PUBLIC KEY-----')) return
  throw new UsageError(`--keyring: ${text} is not an RSA public key.`, [
    'Give the .rsa.pub file of the key that signs the repository, under its own name.',
  ])
}

const CHECKS = { binary: checkBinary, openpgp: checkOpenPgp, pem: checkPem } as const

/** gpg looks for a bare name in its own folder. */
const keyboxPath = (text: string): string => (text.includes('/') ? text : `./${text}`)
