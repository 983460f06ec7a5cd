import { gunzipSync } from 'node:zlib'
import { BootstrapError } from '../errors.ts'
import { smallFiles } from './files.ts'
import { isGzip } from './gzip.ts'
import type { KeyRing } from './keys.ts'
import { packagesIn } from './records.ts'
import { readSigned } from './signature.ts'
import type { SignedContent } from './signature.ts'
import type { Repository } from './types.ts'

const MOST_INDEX = 512 * 1024 * 1024
const CONTAINER_WAY =
  'Make the image in a container instead: --engine docker or --engine podman, where the release’s own apk reads it.'

/** The packages of an index, and the name of the key that signed it. */
export type SignedIndex = Pick<Repository, 'packages' | 'signedBy'>

/**
 * Returns the packages of an APKINDEX.tar.gz (format 2), after its signature is verified over the stored bytes.
 * `repository` is the place of the repository in the list. `what` names the index in messages. Throws BootstrapError:
 * `page-instead`, `apk-version-3`, `index-unsigned`, `key-unknown`, `signature-wrong`, `apk-malformed`.
 */
export const readIndex = async (
  bytes: Buffer,
  keys: KeyRing,
  { what, repository }: { readonly what: string; readonly repository: number },
): Promise<SignedIndex> => {
  refuseForeign(bytes, what)
  const signed = await readSigned(bytes, keys).catch((): never => {
    throw damaged(what, 'it is not gzip, or it is truncated')
  })
  refuseUnbelieved(signed, what)
  const text = await indexText(signed.content, what)
  return { packages: packagesIn(text, repository), signedBy: signed.by ?? '' }
}

const refuseForeign = (bytes: Buffer, what: string): void => {
  const head = bytes.subarray(0, 256).toString('latin1').trimStart().toLowerCase()
  if (head.startsWith('<!doctype') || head.startsWith('<html') || head.startsWith('<?xml')) {
    throw new BootstrapError('page-instead', `A web page came instead of ${what}.`, [
      'Log in to the network if it asks for that in a browser, or give another --mirror.',
    ])
  }
  // The first letters of apk's format 3, whichever way it is compressed.
  if (head.startsWith('adb')) {
    throw new BootstrapError(
      'apk-version-3',
      `${capital(what)} is in format 3 of apk, which this tool does not read by itself.`,
      [CONTAINER_WAY],
    )
  }
  if (!isGzip(bytes)) throw damaged(what, 'it is not gzip')
}

const refuseUnbelieved = ({ verdict, names }: SignedContent, what: string): void => {
  if (verdict === 'unsigned') {
    throw new BootstrapError('index-unsigned', `${capital(what)} is not signed.`, [
      'Give a --mirror whose index is signed. This tool has no switch that leaves the check out.',
    ])
  }
  if (verdict === 'stranger') {
    throw new BootstrapError(
      'key-unknown',
      `${capital(what)} is signed, but with a key that is not known here: ${names.join(', ')}.`,
      ['If you trust that mirror, give its public key: --keyring FILE'],
    )
  }
  if (verdict === 'bad') {
    throw new BootstrapError(
      'signature-wrong',
      `${capital(what)} was changed after it was signed: the signature of ${names.join(', ')} does not match.`,
      ['Try again later: a mirror may be in the middle of an update. Else give another --mirror.'],
    )
  }
}

const indexText = async (content: Buffer, what: string): Promise<string> => {
  try {
    const files = await smallFiles(gunzipSync(content, { maxOutputLength: MOST_INDEX }))
    const index = files.find(file => file.path === 'APKINDEX')
    if (index !== undefined) return index.bytes.toString()
  } catch {
    throw damaged(what, 'what is signed can’t be unpacked')
  }
  throw damaged(what, 'it has no file APKINDEX')
}

const damaged = (what: string, why: string): BootstrapError =>
  new BootstrapError('apk-malformed', `${capital(what)} is damaged: ${why}.`, [
    'Try again; if that does not help, give another --mirror.',
  ])

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
