import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { bootstrapApk } from '../../../src/bootstrap/apk/bootstrap.ts'
import type { ApkRequest } from '../../../src/bootstrap/apk/types.ts'
import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { fetcherOf, madeMirror, MIRROR, signer } from './repository.ts'
import type { Mirror, TestPackage } from './repository.ts'

const us = signer()

const BASE: readonly TestPackage[] = [
  {
    name: 'alpine-baselayout',
    depends: '/bin/sh',
    files: [
      { path: 'dev/' },
      { path: 'tmp/', mode: 0o1777 },
      { path: 'etc/passwd', bytes: 'root:x:0:0:root:/root:/bin/sh\n' },
      { path: 'etc/shadow', bytes: 'root:*::0:::::\n', mode: 0o640, gid: 42 },
      { path: 'var/run', link: '/run' },
    ],
    scripts: { 'post-install': '#!/bin/sh\nexit 0\n' },
  },
  { name: 'alpine-release', files: [{ path: 'etc/alpine-release', bytes: '3.20.3\n' }] },
  {
    name: 'busybox',
    files: [
      { path: 'bin/busybox', bytes: 'ELF', mode: 0o755 },
      { path: 'etc/busybox-paths.d/busybox', bytes: 'bin/ls\nbin/sh\nusr/bin/[[\n../../evil\n' },
    ],
    scripts: { 'post-install': '#!/bin/busybox sh\n', trigger: '#!/bin/sh\n' },
    triggers: '/bin /usr/bin',
  },
  {
    name: 'busybox-binsh',
    provides: '/bin/sh',
    depends: 'busybox',
    priority: 100,
    files: [{ path: 'bin/sh', link: '/bin/busybox' }],
  },
]

const request = (more: Partial<ApkRequest> = {}): ApkRequest => ({
  mirror: `${MIRROR}/`,
  branch: 'v3.20',
  version: '3.20',
  repositories: ['main'],
  architecture: 'x86_64',
  packages: ['alpine-release', 'alpine-baselayout'],
  keys: [us.key],
  written: ['https://dl-cdn.alpinelinux.org/alpine/v3.20/main'],
  writtenKeys: [us.key],
  signal: new AbortController().signal,
  ...more,
})

const made = (mirror: Mirror, more: Partial<ApkRequest> = {}) =>
  bootstrapApk(request(more), fetcherOf(mirror))

const code = async (mirror: Mirror, more: Partial<ApkRequest> = {}): Promise<string> => {
  try {
    const root = await made(mirror, more)
    for await (const chunk of root.tar()) expect(chunk.length).toBeGreaterThanOrEqual(0)
    return 'none'
  } catch (error) {
    if (error instanceof BootstrapError) return error.code
    throw error
  }
}

const withPackage = (extra: TestPackage): Mirror => madeMirror([...BASE, extra], us)

const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

const listed = async (tar: AsyncIterable<Uint8Array>) => {
  const found = new Map<string, { kind: string; mode: number; gid: number; text: string }>()
  for await (const { path, kind, mode, gid, linkPath, body } of tarEntries(tar, { strict: true })) {
    expect(found.has(path), path).toBe(false)
    const text = kind === 'file' ? (await bytesOf(body)).toString() : linkPath
    found.set(path, { kind, mode, gid, text })
  }
  return found
}

test('packages become a root filesystem with the database that apk itself writes', async () => {
  const root = await made(madeMirror(BASE, us))
  const files = await listed(root.tar())
  expect(root.packages.map(each => each.name)).toEqual([
    'busybox',
    'busybox-binsh',
    'alpine-baselayout',
    'alpine-release',
  ])
  expect(root.unrun).toEqual(['busybox', 'alpine-baselayout'])
  expect(files.get('etc/shadow')).toMatchObject({ mode: 0o640, gid: 42 })
  expect(files.get('tmp/')).toMatchObject({ kind: 'directory', mode: 0o1777 })
  expect(files.get('bin/sh')).toMatchObject({ kind: 'symlink', text: '/bin/busybox' })
  expect(files.get('etc/apk/world')?.text).toBe('alpine-baselayout\nalpine-release\n')
  expect(files.get('etc/apk/arch')?.text).toBe('x86_64\n')
  expect(files.get('etc/apk/repositories')?.text).toBe(
    'https://dl-cdn.alpinelinux.org/alpine/v3.20/main\n',
  )
  expect(files.get(`etc/apk/keys/${us.name}`)?.text).toContain('BEGIN PUBLIC KEY')
  const installed = files.get('lib/apk/db/installed')?.text ?? ''
  expect(installed.split('\n\n').map(block => /P:(.*)/.exec(block)?.[1])).toEqual([
    'alpine-baselayout',
    'alpine-release',
    'busybox',
    'busybox-binsh',
    undefined,
  ])
  const sum = createHash('sha1').update('root:*::0:::::\n').digest('base64')
  expect(installed).toContain(`R:shadow\na:0:42:640\nZ:Q1${sum}\n`)
  expect(installed).toContain('F:tmp\nM:0:0:1777\n')
  expect(files.get('lib/apk/db/triggers')?.text).toMatch(/^Q1\S{28} \/bin \/usr\/bin\n$/)
})

test('scripts are kept for later upgrades, in apk’s order', async () => {
  const files = await listed((await made(madeMirror(BASE, us))).tar())
  const scripts = files.get('lib/apk/db/scripts.tar')?.text ?? ''
  const names: string[] = []
  const tar = Buffer.from(scripts, 'utf8')
  for await (const entry of tarEntries(
    (async function* () {
      yield tar
    })(),
  ))
    names.push(entry.path)
  expect(names.map(name => name.replace(/\.Q1[^.]+\./, ' '))).toEqual([
    'busybox-1.0-r0 post-install',
    'busybox-1.0-r0 trigger',
    'alpine-baselayout-1.0-r0 post-install',
  ])
})

test('BusyBox’s links are those that its package lists, beside what packages bring and nowhere else', async () => {
  const files = await listed((await made(madeMirror(BASE, us))).tar())
  expect(files.get('bin/ls')).toMatchObject({ kind: 'symlink', text: '/bin/busybox' })
  expect(files.get('usr/bin/[[')).toMatchObject({ kind: 'symlink' })
  expect([...files.keys()].some(path => path.includes('evil'))).toBe(false)
})

test('the same packages give the same bytes', async () => {
  const mirror = madeMirror(BASE, us)
  const one = await bytesOf((await made(mirror)).tar())
  const root = await made(mirror)
  expect(one.equals(await bytesOf(root.tar()))).toBe(true)
  expect(one.equals(await bytesOf(root.tar()))).toBe(true)
})

test('each fault of a mirror has a code of its own', async () => {
  const mirror = madeMirror(BASE, us)
  const busybox = `${MIRROR}/v3.20/main/x86_64/busybox-1.0-r0.apk`
  const index = `${MIRROR}/v3.20/main/x86_64/APKINDEX.tar.gz`
  const good = mirror.get(busybox) ?? Buffer.alloc(0)
  const broken = Buffer.from(good)
  broken[good.length - 12] = (broken[good.length - 12] ?? 0) ^ 1
  const without = new Map(mirror)
  without.delete(busybox)
  expect(await code(mirror)).toBe('none')
  expect(await code(mirror, { branch: 'v3.99' })).toBe('release-missing')
  expect(await code(mirror, { architecture: 'riscv64' })).toBe('release-missing')
  expect(await code(mirror, { version: '3.21' })).toBe('release-wrong')
  expect(await code(mirror, { version: '3.2' })).toBe('release-wrong')
  expect(await code(mirror, { version: null })).toBe('none')
  expect(await code(mirror, { keys: [signer('other.rsa.pub').key] })).toBe('key-unknown')
  expect(await code(mirror, { packages: ['nosuch'] })).toBe('include-unknown')
  expect(await code(mirror, { packages: ['a>='] })).toBe('include-unknown')
  expect(await code(without)).toBe('not-found')
  expect(await code(new Map([...mirror, [busybox, broken]]))).toBe('hash-wrong')
  expect(await code(new Map([...mirror, [busybox, good.subarray(0, 900)]]))).toBe('hash-wrong')
  expect(await code(new Map([...mirror, [busybox, Buffer.from('<html>')]]))).toBe('page-instead')
  expect(await code(new Map([...mirror, [busybox, Buffer.from('ADB.x')]]))).toBe('apk-version-3')
  expect(await code(new Map([...mirror, [index, Buffer.from('<html>')]]))).toBe('page-instead')
})

test('a proper package of the same name under another’s address is not taken', async () => {
  const mirror = madeMirror(BASE, us)
  const other = madeMirror(
    [{ name: 'busybox', files: [{ path: 'bin/busybox', bytes: 'evil' }] }],
    us,
  )
  const address = `${MIRROR}/v3.20/main/x86_64/busybox-1.0-r0.apk`
  mirror.set(address, other.get(address) ?? Buffer.alloc(0))
  expect(await code(mirror)).toBe('hash-wrong')
})

test.each([
  ['../outside', 'path-unsafe'],
  ['usr/../../outside', 'path-unsafe'],
  ['/absolute', 'path-unsafe'],
  ['usr/./x', 'path-unsafe'],
  ['usr//x', 'path-unsafe'],
  ['usr/a\nb', 'path-unsafe'],
])('a package with the path %j is refused', async (path, expected) => {
  // A path that begins with a dot is apk's own business in a package, and never unpacked.
  const result = await code(withPackage({ name: 'evil', files: [{ path, bytes: 'x' }] }), {
    packages: ['evil'],
  })
  expect(result).toBe(path.startsWith('.') ? 'none' : expected)
})

test('devices, strange links and files without a folder are refused', async () => {
  const evil = (files: TestPackage['files'] = []) =>
    code(withPackage({ name: 'evil', files }), { packages: ['evil'] })
  expect(await evil([{ path: 'dev/sda', kind: 'block-device' }])).toBe('entry-unsafe')
  expect(await evil([{ path: 'usr/x', hardlink: '/etc/shadow' }])).toBe('entry-unsafe')
  expect(await evil([{ path: 'usr/x', hardlink: 'usr/later' }, { path: 'usr/later' }])).toBe(
    'entry-unsafe',
  )
})

test('a package that unpacks to far more than its index says is stopped', async () => {
  const files = [{ path: 'usr/zeros', bytes: Buffer.alloc(65 * 1024 * 1024) }]
  const bomb: TestPackage = { name: 'bomb', files, installedSize: 4096 }
  expect(await code(withPackage(bomb), { packages: ['bomb'] })).toBe('bomb')
  const honest: TestPackage = { name: 'honest', files }
  expect(await code(withPackage(honest), { packages: ['honest'] })).toBe('none')
})

test('nothing is written through a link: the path is resolved within the image', async () => {
  const root = await made(
    withPackage({
      name: 'merged',
      files: [
        { path: 'lib64', link: '/usr/lib' },
        { path: 'out', link: '../../../../etc' },
        { path: 'lib64/', kind: 'directory' },
        { path: 'lib64/x.so', bytes: 'x' },
        { path: 'out/', kind: 'directory' },
        { path: 'out/y', bytes: 'y' },
      ],
    }),
    { packages: ['merged'] },
  )
  const files = await listed(root.tar())
  expect(files.get('usr/lib/x.so')?.text).toBe('x')
  expect(files.get('etc/y')?.text).toBe('y')
  expect(files.has('lib64/x.so')).toBe(false)
})

test('two packages with one file clash, unless one replaces the other', async () => {
  const files = [{ path: 'etc/passwd', bytes: 'theirs' }]
  const clash = withPackage({ name: 'other', files })
  expect(await code(clash, { packages: ['alpine-baselayout', 'other'] })).toBe('file-conflict')
  const replacing = withPackage({ name: 'other', files, replaces: 'alpine-baselayout' })
  const root = await made(replacing, { packages: ['alpine-baselayout', 'other'] })
  const found = await listed(root.tar())
  expect(found.get('etc/passwd')?.text).toBe('theirs')
  const installed = found.get('lib/apk/db/installed')?.text ?? ''
  expect(installed.match(/R:passwd/g)).toHaveLength(1)
})

test('hard links stay links, and extended attributes bytes', async () => {
  const capability = Buffer.from([1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 255, 0])
  const root = await made(
    withPackage({
      name: 'ping',
      files: [
        {
          path: 'bin/ping',
          bytes: 'ping',
          mode: 0o755,
          xattrs: new Map([['security.capability', capability]]),
        },
        { path: 'bin/ping6', hardlink: 'bin/ping', mode: 0o755 },
      ],
    }),
    { packages: ['ping'] },
  )
  const found = new Map<string, Buffer | undefined>()
  for await (const entry of tarEntries(root.tar())) {
    found.set(entry.path, entry.xattrs.get('security.capability'))
    if (entry.path === 'bin/ping6')
      expect(entry).toMatchObject({ kind: 'hardlink', linkPath: 'bin/ping' })
  }
  expect(found.get('bin/ping')).toEqual(capability)
  const installed = (await listed(root.tar())).get('lib/apk/db/installed')?.text ?? ''
  expect(installed).toMatch(/R:ping\na:0:0:755:Q1\S{28}\nZ:/)
})

test('a run that is stopped stops', async () => {
  const stop = new AbortController()
  stop.abort(new Error('stopped'))
  await expect(made(madeMirror(BASE, us), { signal: stop.signal })).rejects.toThrow('stopped')
})
