import { afterEach, expect, test } from 'vitest'
import { factsIn } from '../../../src/bootstrap/sbom/facts.ts'
import { distrolessForm } from '../../../src/bootstrap/stage/distroless.ts'
import { stageTar } from '../../../src/bootstrap/stage/stage-tar.ts'
import type { PackageRecord } from '../../../src/bootstrap/types.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { unpackersHere } from './in-thread.ts'
import { writtenDebs } from './written-debs.ts'
import { inPieces, joined, type MadeDeb } from './made-deb.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  while (endings.length > 0) await endings.pop()?.()
})

/** Returns the tar of packages, and which of them have a script that did not run. */
const tarOf = async (
  debs: readonly MadeDeb[],
  files: Parameters<typeof distrolessForm>[0]['files'] = [],
) => {
  const { packages, paths, remove } = await writtenDebs(debs)
  endings.push(remove)
  const unpackers = unpackersHere()
  endings.push(() => unpackers.close())
  const unrun: string[] = []
  const tar = await joined(
    stageTar({
      packages,
      arrival: async n => paths[n]!,
      unpackers,
      isMerged: true,
      files: [],
      form: distrolessForm({ files, onUnrun: name => unrun.push(name) }),
      epoch: 1_700_000_000,
      signal: new AbortController().signal,
    }),
  )
  return { tar, unrun }
}

interface Found {
  readonly text: string
  readonly mode: string
  readonly owner: string
}

const listing = async (tar: Buffer): Promise<Map<string, Found>> => {
  const found = new Map<string, Found>()
  for await (const entry of tarEntries(inPieces(tar), { strict: true })) {
    // Docker's engine refuses a layer that has a path twice.
    expect(found.has(entry.path), entry.path).toBe(false)
    const text = entry.kind === 'file' ? String(await joined(entry.body)) : entry.linkPath
    found.set(entry.path, {
      text,
      mode: entry.mode.toString(8),
      owner: `${entry.uid}:${entry.gid}`,
    })
  }
  return found
}

const CA = 'usr/share/ca-certificates/mozilla'
const DEBS: readonly MadeDeb[] = [
  {
    name: 'base',
    fields: 'Maintainer: Ada <ada@example.org>\nDescription: the base\n',
    control: [{ path: './md5sums', body: 'x  usr/lib/os-release\n' }],
    data: [
      { path: './' },
      { path: './tmp/', mode: 0o1777 },
      { path: './usr/lib/os-release', body: 'ID=debian\nVERSION_ID="12"\n' },
      { path: './usr/share/doc/base/' },
      { path: './usr/share/doc/base/copyright', body: 'free' },
      { path: './usr/share/doc/base/changelog.gz', body: 'long'.repeat(100_000) },
      { path: './usr/share/doc/base/examples/' },
      { path: './usr/share/doc/base/examples/copyright', body: 'no licence' },
      { path: './usr/share/man/man1/base.1.gz', body: 'm' },
      { path: './usr/share/locale/de/LC_MESSAGES/base.mo', body: 'm' },
      { path: './usr/share/locale/locale.alias', body: 'alias' },
      { path: './usr/share/lintian/overrides/base', body: 'l' },
      { path: './usr/share/info/base.info', body: 'i' },
    ],
  },
  {
    name: 'certificates',
    control: [{ path: './postinst', mode: 0o755, body: '#!/bin/sh\n' }],
    data: [
      { path: './' },
      { path: `./${CA}/b.crt`, body: 'B' },
      { path: `./${CA}/a.crt`, body: `${'A'.repeat(600_000)}\n` },
      { path: `./${CA}/README`, body: 'R' },
    ],
  },
  {
    name: 'library',
    architecture: 'amd64',
    fields: 'Multi-Arch: same\n',
    data: [
      { path: './' },
      { path: './lib/x86_64-linux-gnu/libl.so.1', body: 'l' },
      { path: './usr/share/doc/library', kind: 'symlink', linkPath: 'base' },
      { path: './etc/nsswitch.conf', body: 'of the package' },
    ],
  },
]

test('files without documents, with licences; what scanners read, and nothing of dpkg', async () => {
  const { tar, unrun } = await tarOf(DEBS)
  const found = await listing(tar)
  const paths = [...found.keys()]
  expect(paths.filter(path => /^usr\/share\/(doc|man|locale|lintian|info)\/./.test(path))).toEqual([
    'usr/share/doc/base/',
    'usr/share/doc/base/copyright',
    'usr/share/locale/locale.alias',
    'usr/share/doc/library',
  ])
  expect(paths.filter(path => path.startsWith('var/lib/dpkg/'))).toEqual([
    'var/lib/dpkg/',
    'var/lib/dpkg/status.d/',
    ...['base', 'certificates', 'library'].flatMap(name => [
      `var/lib/dpkg/status.d/${name}`,
      `var/lib/dpkg/status.d/${name}.md5sums`,
    ]),
  ])
  const status = (name: string) => found.get(`var/lib/dpkg/status.d/${name}`)?.text
  // As dpkg-deb --field prints it.
  expect(status('library')).toBe(
    'Package: library\nVersion: 1.0\nArchitecture: amd64\nMulti-Arch: same\n',
  )
  expect(status('base.md5sums')).toBe('x  usr/lib/os-release\n')
  expect(status('library.md5sums')).toContain('  lib/x86_64-linux-gnu/libl.so.1\n')
  expect(found.get('lib')?.text).toBe('usr/lib')
  expect(found.has('usr/lib/x86_64-linux-gnu/libl.so.1')).toBe(true)
  expect(unrun).toEqual(['certificates'])
})

test('what scripts would have made: the bundle of certificates, users who own nothing, /tmp', async () => {
  const found = await listing((await tarOf(DEBS)).tar)
  expect(found.get('etc/ssl/certs/ca-certificates.crt')?.text).toBe(`${'A'.repeat(600_000)}\nB\n`)
  expect(found.get(`${CA}/b.crt`)?.text).toBe('B')
  expect(found.get('tmp/')).toMatchObject({ mode: '1777', owner: '0:0' })
  expect(found.get('var/tmp/')?.mode).toBe('1777')
  expect(found.get('home/nonroot/')).toMatchObject({ mode: '700', owner: '65532:65532' })
  const names = (file: string) => found.get(file)!.text.match(/^\w+:x:\d+/gm)
  expect(names('etc/passwd')).toEqual(['root:x:0', 'nobody:x:65534', 'nonroot:x:65532'])
  expect(names('etc/group')).toEqual(['root:x:0', 'nobody:x:65534', 'nonroot:x:65532'])
  // A package's own file stays.
  expect(found.get('etc/nsswitch.conf')?.text).toBe('of the package')
})

test('without certificates there is no bundle; a person’s files come last', async () => {
  const motd = { path: 'etc/motd', mode: 0o640, bytes: Buffer.from('hello') }
  const found = await listing((await tarOf(DEBS.slice(0, 1), [motd])).tar)
  expect(found.has('etc/ssl/certs/ca-certificates.crt')).toBe(false)
  expect([...found].at(-1)).toEqual(['etc/motd', { text: 'hello', mode: '640', owner: '0:0' }])
})

test('the same packages give the same bytes, and an SBOM finds them', async () => {
  const [one, other] = await Promise.all([tarOf(DEBS), tarOf(DEBS)])
  expect(one.tar.equals(other.tar)).toBe(true)
  const { packages, ...release } = await factsIn(inPieces(one.tar))
  expect(release).toEqual({ distribution: 'debian', release: '12' })
  expect(packages.map(({ name, version, summary }) => [name, version, summary])).toEqual([
    ['base', '1.0', 'the base'],
    ['certificates', '1.0', ''],
    ['library', '1.0', ''],
  ])
})

test('a package that is another one inside is refused', () => {
  const { database } = distrolessForm({ files: [] })
  const record = { name: 'hello', version: '1.0', architecture: 'all' } as PackageRecord
  const control = [{ name: 'control', mode: 0o644, bytes: Buffer.from('Package: other\n') }]
  expect(() => database.open(record, control)).toThrow('inside it is other')
})
