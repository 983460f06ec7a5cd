import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assetsFolder } from '../../../src/assets.ts'
import { archivesOf } from '../../../src/catalog/archives.ts'
import { findRelease } from '../../../src/catalog/releases.ts'
import { lockAt } from '../../../src/run/rootfs/lock-file.ts'
import { requestFor, type RootChoice } from '../../../src/run/rootfs/request.ts'
import { room } from '../../oci/room.ts'

const TODAY = '2026-01-01'

const requested = (codename: string, change: Partial<RootChoice> = {}) =>
  requestFor(
    {
      release: findRelease(codename, TODAY)!,
      arch: 'amd64',
      variant: 'minbase',
      include: ['curl'],
      exclude: ['e2fsprogs'],
      components: null,
      mirror: null,
      near: null,
      keyring: null,
      snapshot: null,
      updates: true,
      ...change,
    },
    assetsFolder(),
    123,
  )

const written = async (codename: string, change: Partial<RootChoice> = {}) => [
  ...(await requested(codename, change)).imageSources,
]

const { archive: DEBIAN, security: SECURITY } = archivesOf(findRelease('bookworm', TODAY)!, 'amd64')

test('Debian is asked of its own archives, by the keys that ship for what it still has', async () => {
  const { request, keyring, ended, imageSources } = await requested('bookworm')
  expect(request).toMatchObject({
    distribution: 'debian',
    codename: 'bookworm',
    architecture: 'amd64',
    variant: 'minbase',
    include: ['curl'],
    exclude: ['e2fsprogs'],
    now: 123,
    snapshot: false,
  })
  expect(request.sources.map(({ archive, suite, role }) => [archive, suite, role])).toEqual([
    [DEBIAN, 'bookworm', 'release'],
    [DEBIAN, 'bookworm-updates', 'updates'],
    [SECURITY, 'bookworm-security', 'security'],
  ])
  expect([keyring, ended]).toEqual([null, false])
  expect(request.keys.length).toBeGreaterThan(3)
  for (const { file, fingerprint, certificate } of request.keys) {
    expect(file).toBe(`assets/keys/debian-${fingerprint}.asc`)
    expect(Buffer.from(certificate).toString()).toContain('BEGIN PGP PUBLIC KEY')
  }
  expect([...imageSources]).toEqual([
    ['bookworm', `${DEBIAN} bookworm main`],
    ['bookworm-updates', `${DEBIAN} bookworm-updates main`],
    ['bookworm-security', `${SECURITY} bookworm-security main`],
  ])
})

test('Ubuntu has its security beside the rest, and its own keys', async () => {
  const { request, imageSources } = await requested('noble')
  expect(request.distribution).toBe('ubuntu')
  expect(request.sources.map(({ suite, role }) => [suite, role])).toEqual([
    ['noble', 'release'],
    ['noble-updates', 'updates'],
    ['noble-security', 'security'],
  ])
  expect(request.keys.every(({ file }) => file.startsWith('assets/keys/ubuntu-'))).toBe(true)
  expect([...imageSources.keys()]).toEqual(['noble', 'noble-updates', 'noble-security'])
})

test('a release that has left its archive is asked of the old ones, by keys that are removed too', async () => {
  const { request, ended } = await requested('buster')
  expect(ended).toBe(true)
  // Its index says that it is out of date.
  expect(request.snapshot).toBe(true)
  expect(request.sources[0]!.archive).toContain('archive.debian.org')
  const current = (await requested('bookworm')).request.keys.map(({ file }) => file)
  const all = request.keys.map(({ file }) => file)
  expect(all).toEqual(expect.arrayContaining(current))
  expect(all.length).toBeGreaterThan(current.length)
})

test('without updates the release alone is asked, though the image has them later', async () => {
  const { request, imageSources } = await requested('bookworm', { updates: false })
  expect(request.sources.map(({ suite }) => suite)).toEqual(['bookworm'])
  expect(imageSources.size).toBe(3)
})

test('a mirror is asked and written without its login; its key goes into the image', async () => {
  const keyring = join(await room(), 'own.gpg')
  writeFileSync(keyring, 'key')
  const mirror = 'http://me:s3cret@mirror.example/debian/'
  const own = await requested('bookworm', { mirror, keyring })
  expect(own.request.sources[0]!.archive).toBe('http://me:s3cret@mirror.example/debian')
  expect(own.imageSources.get('bookworm')).toBe('http://mirror.example/debian bookworm main')
  expect(own.imageSources.get('bookworm-security')).toBe(
    'http://mirror.example/debian-security bookworm-security main',
  )
  expect(own.request.keys).toEqual([{ file: 'own.gpg', certificate: Buffer.from('key') }])
  expect(own.keyring).toEqual(Buffer.from('key'))
  // For the distribution's own archives the image has the keys of its packages.
  expect((await requested('bookworm', { keyring })).keyring).toBeNull()
})

test('what this machine’s own apt uses is asked, and not written into the image', async () => {
  const near = 'http://near.example/debian'
  const { request } = await requested('bookworm', { near })
  expect(request.sources[0]!.archive).toBe(near)
  expect((await written('bookworm', { near }))[0]).toEqual(['bookworm', `${DEBIAN} bookworm main`])
})

test('a moment of the archive’s history is asked of what keeps it', async () => {
  const { request } = await requested('bookworm', { snapshot: '2026-07-01' })
  expect(request.snapshot).toBe(true)
  expect(request.sources[0]!.archive).toBe(
    'http://snapshot.debian.org/archive/debian/20260701T000000Z',
  )
})

test('components and the architecture are those that are asked for', async () => {
  const { request } = await requested('bookworm', { components: ['main', 'contrib'], arch: '386' })
  expect(request.architecture).toBe('i386')
  expect(request.sources[0]!.components).toEqual(['main', 'contrib'])
  expect((await written('bookworm', { components: ['main', 'contrib'] }))[0]![1]).toBe(
    `${DEBIAN} bookworm main contrib`,
  )
})

test('a person’s own suites take the place of all, and their file is what the image gets', async () => {
  const suites = [
    {
      archive: 'http://a.test',
      suite: 'bookworm',
      components: ['main'],
      role: 'release',
      optional: false,
    },
  ] as const
  const { request, imageSources } = await requested('bookworm', { suites })
  expect(request.sources).toEqual(suites)
  expect(imageSources.size).toBe(0)
  expect((await written('bookworm', { suites: null })).length).toBe(3)
})

test('a lock is read by the name of its file or of its folder, and what is none is told', async () => {
  const at = await room()
  mkdirSync(join(at, 'project'))
  writeFileSync(join(at, 'project/packages.lock'), 'no lock')
  for (const named of ['project', 'project/packages.lock', join(at, 'project')])
    expect(() => lockAt(named, at), named).toThrow(`${at}/project/packages.lock`)
  const none = expect.objectContaining({
    message: `There is no file ${at}/none.`,
    todo: ['Write one: create-base-image rootfs DISTRO:RELEASE --lock packages.lock > rootfs.tar'],
  }) as Error
  expect(() => lockAt('none', at)).toThrow(none)
  mkdirSync(join(at, 'odd/packages.lock'), { recursive: true })
  expect(() => lockAt('odd', at)).toThrow(`${at}/odd/packages.lock is not a regular file.`)
})
