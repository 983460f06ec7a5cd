import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { ApkKey } from '../../../src/bootstrap/apk/keys.ts'
import { headerSum, padding } from '../../../src/tar/block.ts'
import { paxRecord } from '../../../src/tar/pax.ts'
import { tarHeader } from '../../../src/tar/write.ts'
import type { HeaderSpec } from '../../../src/tar/write.ts'

/** A key pair and the name of its public file. */
export interface Signer {
  readonly name: string
  readonly privateKey: ReturnType<typeof generateKeyPairSync>['privateKey']
  readonly key: ApkKey
}

/** Returns a new signer. */
export const signer = (name = 'test@example.org-00000001.rsa.pub'): Signer => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }) as string)
  return { name, privateKey, key: { name, pem } }
}

/** A file of a package; a directory's path ends in a slash. */
export interface TestFile {
  readonly path: string
  readonly bytes?: string | Uint8Array
  readonly link?: string
  readonly hardlink?: string
  readonly mode?: number
  readonly gid?: number
  readonly xattrs?: ReadonlyMap<string, Buffer>
  readonly kind?: HeaderSpec['kind']
}

/** A package to be made: names and values as in an index. */
export interface TestPackage {
  readonly name: string
  readonly version?: string
  readonly depends?: string
  readonly provides?: string
  readonly installIf?: string
  readonly replaces?: string
  readonly priority?: number
  readonly origin?: string
  readonly triggers?: string
  /** What the index says; the files' own size when absent. */
  readonly installedSize?: number
  readonly files?: readonly TestFile[]
  readonly scripts?: Readonly<Record<string, string>>
}

export type Digest = 'RSA' | 'RSA256'

const BUILT = 1_700_000_000

/** Returns a package's bytes and its record in an index. */
export const madePackage = (
  each: TestPackage,
  by: Signer | null,
  architecture = 'x86_64',
): { readonly file: string; readonly bytes: Buffer; readonly record: string } => {
  const version = each.version ?? '1.0-r0'
  const files = withFolders(each.files ?? [])
  const data = gzipSync(
    Buffer.concat([...files.map(file => entry(file, true)), Buffer.alloc(1024)]),
  )
  const size =
    each.installedSize ??
    files.reduce((sum, file) => sum + 4096 + Buffer.from(file.bytes ?? '').length, 0)
  const info = [
    `pkgname = ${each.name}`,
    `pkgver = ${version}`,
    `pkgdesc = The package ${each.name}`,
    'url = https://example.org',
    `builddate = ${BUILT}`,
    `size = ${size}`,
    `arch = ${architecture}`,
    `origin = ${each.origin ?? each.name}`,
    'license = MIT',
    ...words(each.depends).map(word => `depend = ${word}`),
    ...words(each.provides).map(word => `provides = ${word}`),
    ...words(each.replaces).map(word => `replaces = ${word}`),
    ...(each.triggers === undefined ? [] : [`triggers = ${each.triggers}`]),
    `datahash = ${createHash('sha256').update(data).digest('hex')}`,
    '',
  ].join('\n')
  const scripts = Object.entries(each.scripts ?? {}).map(([kind, text]) => ({
    path: `.${kind}`,
    bytes: text,
    mode: 0o755,
  }))
  const control = gzipSync(
    Buffer.concat([{ path: '.PKGINFO', bytes: info }, ...scripts].map(file => entry(file, false))),
  )
  const bytes = Buffer.concat([
    by === null ? Buffer.alloc(0) : signature(control, by, 'RSA'),
    control,
    data,
  ])
  const record = [
    `C:Q1${createHash('sha1').update(control).digest('base64')}`,
    `P:${each.name}`,
    `V:${version}`,
    `A:${architecture}`,
    `S:${bytes.length}`,
    `I:${size}`,
    `T:The package ${each.name}`,
    'U:https://example.org',
    'L:MIT',
    `o:${each.origin ?? each.name}`,
    `t:${BUILT}`,
    ...(each.priority === undefined ? [] : [`k:${each.priority}`]),
    ...(each.depends === undefined ? [] : [`D:${each.depends}`]),
    ...(each.provides === undefined ? [] : [`p:${each.provides}`]),
    ...(each.installIf === undefined ? [] : [`i:${each.installIf}`]),
    '',
  ].join('\n')
  return { file: `${each.name}-${version}.apk`, bytes, record }
}

/** Returns an APKINDEX.tar.gz of records. */
export const madeIndex = (
  records: readonly string[],
  by: Signer | null,
  digest: Digest = 'RSA',
): Buffer => {
  const content = gzipSync(
    Buffer.concat([
      entry({ path: 'DESCRIPTION', bytes: 'test' }, false),
      entry({ path: 'APKINDEX', bytes: `${records.join('\n')}\n` }, false),
      Buffer.alloc(1024),
    ]),
  )
  return Buffer.concat([by === null ? Buffer.alloc(0) : signature(content, by, digest), content])
}

/** Returns the signature member over bytes. */
const signature = (content: Buffer, by: Signer, digest: Digest): Buffer =>
  gzipSync(
    entry(
      {
        path: `.SIGN.${digest}.${by.name}`,
        bytes: sign(digest === 'RSA' ? 'sha1' : 'sha256', content, by.privateKey),
      },
      false,
    ),
  )

const words = (text = ''): string[] => text.split(' ').filter(word => word !== '')

const withFolders = (files: readonly TestFile[]): TestFile[] => {
  const seen = new Set(files.filter(file => file.path.endsWith('/')).map(file => file.path))
  return files.flatMap(file => {
    const missing: TestFile[] = []
    for (let at = file.path.indexOf('/'); at !== -1; at = file.path.indexOf('/', at + 1)) {
      const path = file.path.slice(0, at + 1)
      if (!seen.has(path) && path !== file.path && isPlain(path)) missing.push({ path })
      seen.add(path)
    }
    return [...missing, file]
  })
}

// Hostile paths get no folders, so that nothing but the path itself can be refused.
const isPlain = (path: string): boolean => !path.startsWith('/') && !path.includes('..')

const entry = (file: TestFile, isData: boolean): Buffer => {
  const bytes = Buffer.from(file.bytes ?? '')
  const kind = kindOf(file)
  const spec: HeaderSpec = {
    path: file.path,
    kind,
    mode: file.mode ?? (kind === 'directory' ? 0o755 : kind === 'symlink' ? 0o777 : 0o644),
    uid: 0,
    gid: file.gid ?? 0,
    size: bytes.length,
    mtime: BUILT,
    linkPath: file.link ?? file.hardlink ?? '',
    xattrs: file.xattrs ?? new Map(),
  }
  const sum = isData && (kind === 'file' || kind === 'symlink') ? checksum(file, bytes) : null
  return Buffer.concat([
    ...(sum === null ? [] : [extension(sum)]),
    tarHeader(spec),
    bytes,
    padding(bytes.length),
  ])
}

const kindOf = (file: TestFile): HeaderSpec['kind'] => {
  if (file.kind !== undefined) return file.kind
  if (file.link !== undefined) return 'symlink'
  if (file.hardlink !== undefined) return 'hardlink'
  return file.path.endsWith('/') ? 'directory' : 'file'
}

// apk wants each file's own checksum in a PAX record.
const checksum = (file: TestFile, bytes: Buffer): Buffer =>
  paxRecord(
    'APK-TOOLS.checksum.SHA1',
    createHash('sha1')
      .update(file.link ?? bytes)
      .digest('hex'),
  )

const extension = (records: Buffer): Buffer => {
  const block = tarHeader({
    path: 'PaxHeaders/x',
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: records.length,
  })
  block.write('x', 156)
  block.write(`${headerSum(block).toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([block, records, padding(records.length)])
}
