import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { madeDeb, type MadeDeb } from '../stage/made-deb.ts'
import { newFolder, serve } from '../fetch/server.ts'
import { makeSigner, type Signer } from './signed.ts'
import { archiveOf } from './small-archive.ts'
import type { Row } from './small-index.ts'

/** A package of a mirror: `bash 5.2 required`, and what is in it. */
export interface MirrorPackage extends Pick<MadeDeb, 'control' | 'data'> {
  readonly words: string
  readonly fields?: Readonly<Record<string, string>>
}

/** A mirror on loopback that ends after the test. */
export interface SmallMirror {
  /** The address of its archive. */
  readonly url: string
  /** A folder that is removed after the test, with the archive's key in `keys.asc`. */
  readonly folder: string
  readonly keyring: string
  /** Method and path of each request, in order. */
  readonly asked: readonly string[]
  /** What it serves, by path. */
  readonly files: Map<string, Buffer>
  /** When its index is dated, in seconds since 1970. */
  readonly epoch: number
  /** Gives a suite these packages instead of those that it has. */
  readonly put: (suite: string, packages: readonly MirrorPackage[]) => Promise<void>
}

/** What the smallest root filesystem is of. */
export const SMALLEST: readonly MirrorPackage[] = [
  {
    words: 'base-files 12 required',
    fields: { Depends: 'libc6', 'Installed-Size': '4' },
    data: [
      { path: './' },
      { path: './etc/' },
      { path: './etc/os-release', body: 'ID=debian\nVERSION_CODENAME=bookworm\n' },
    ],
  },
  {
    words: 'libc6 2.36 required',
    data: [
      { path: './' },
      { path: './usr/' },
      { path: './usr/lib/' },
      { path: './usr/lib/libc.so', body: 'libc' },
    ],
  },
  { words: 'apt 2.6 important', data: [{ path: './' }] },
]

/** Serves suites of signed packages, by their names: `{ bookworm: SMALLEST }`. */
export const smallMirror = async (
  suites: Readonly<Record<string, readonly MirrorPackage[]>> = { bookworm: SMALLEST },
): Promise<SmallMirror> => {
  const date = new Date(Math.floor(Date.now() / 1000) * 1000 - 86_400_000)
  const signer = await makeSigner(new Date(date.getTime() - 86_400_000))
  const files = new Map<string, Buffer>()
  const { url, asked } = await serve((request, response) => {
    const bytes = files.get(decodeURIComponent(request.url!.slice(1)))
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  })
  const put = (suite: string, packages: readonly MirrorPackage[]): Promise<void> =>
    putSuite(files, { suite, packages, signer, date })
  for (const [suite, packages] of Object.entries(suites)) await put(suite, packages)
  const folder = await newFolder()
  const keyring = join(folder, 'keys.asc')
  writeFileSync(keyring, signer.key.certificate)
  return { url: `${url}/debian`, folder, keyring, asked, files, epoch: date.getTime() / 1000, put }
}

interface PutSuite {
  readonly suite: string
  readonly packages: readonly MirrorPackage[]
  readonly signer: Signer
  readonly date: Date
}

const putSuite = async (
  files: Map<string, Buffer>,
  { suite, packages, signer, date }: PutSuite,
): Promise<void> => {
  const rows = packages.map(({ words, fields = {}, ...inside }): Row => {
    const [name = '', version = ''] = words.split(' ')
    const bytes = madeDeb({ name, version, architecture: 'amd64', ...inside })
    const file = `pool/${name}_${version}_amd64.deb`
    files.set(`debian/${file}`, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return [words, { ...fields, Filename: file, Size: String(bytes.length), SHA256: sha256 }]
  })
  const more = await archiveOf({ [`debian/dists/${suite}`]: { rows } }, signer, date)
  for (const [path, bytes] of more) files.set(path, bytes)
}
