import { expect, test } from 'vitest'
import { BASE, code, listed, made, us, withPackage } from './base.ts'
import { madeMirror, MIRROR } from './mirror.ts'
import type { TestPackage } from './repository.ts'

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
