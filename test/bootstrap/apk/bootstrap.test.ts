import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { tarEntries } from '../../../src/tar/read.ts'
import { BASE, bytesOf, code, listed, made, us, withPackage } from './base.ts'
import { madeMirror, MIRROR } from './mirror.ts'
import { signer } from './repository.ts'

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

test('a person’s own key goes into the image under the name that its signatures have', async () => {
  const nameless = { ...us.key, name: null }
  const root = await made(madeMirror(BASE, us), { keys: [nameless], writtenKeys: [nameless] })
  expect((await listed(root.tar())).has(`etc/apk/keys/${us.name}`)).toBe(true)
})

test('a mirror of one’s own may lack all repositories but the first', async () => {
  const mirror = madeMirror(BASE, us)
  const repositories = ['main', 'community']
  expect(await code(mirror, { repositories })).toBe('release-missing')
  const root = await made(mirror, { repositories, isPartial: true })
  const lines = (await listed(root.tar())).get('etc/apk/repositories')?.text
  expect(lines).toBe('https://dl-cdn.alpinelinux.org/alpine/v3.20/main\n')
  expect(await code(new Map(), { repositories, isPartial: true })).toBe('release-missing')
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
