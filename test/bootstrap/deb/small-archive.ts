import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { signText, type Signer } from './signed.ts'
import { packagesText, type Row } from './small-index.ts'

/** A suite of a small archive. */
export interface Suite {
  readonly rows: readonly Row[]
  readonly fields?: Readonly<Record<string, string | null>>
  readonly signer?: Signer
}

/** Returns the files of an archive, by their addresses, signed at `date`. */
export const archiveOf = async (
  suites: Readonly<Record<string, Suite>>,
  signer: Signer,
  date: Date,
): Promise<Map<string, Buffer>> => {
  const files = new Map<string, Buffer>()
  for (const [place, { rows, fields = {}, signer: by = signer }] of Object.entries(suites)) {
    const plain = Buffer.from(packagesText(rows))
    const zipped = gzipSync(plain)
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    const name = 'main/binary-amd64/Packages'
    const release = {
      Suite: 'stable',
      Codename: place.split('/').at(-1)!,
      Date: date.toUTCString(),
      Components: 'main',
      Architectures: 'amd64 arm64',
      'Acquire-By-Hash': 'yes',
      SHA256: `\n ${hash(plain)} ${plain.length} ${name}\n ${hash(zipped)} ${zipped.length} ${name}.gz`,
      ...fields,
    }
    const text = Object.entries(release)
      .flatMap(([field, value]) => (value === null ? [] : `${field}: ${value}\n`))
      .join('')
    files.set(`${place}/InRelease`, await signText(text, [by], date))
    files.set(`${place}/main/binary-amd64/by-hash/SHA256/${hash(zipped)}`, zipped)
  }
  return files
}
