import { expect, test } from 'vitest'
import { finishTar } from '../../../src/bootstrap/deb/finish-tar.ts'
import { isMerged } from '../../../src/bootstrap/deb/merged.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { tarOf, type HeaderSpec, type WrittenEntry } from '../../../src/tar/write.ts'

const FILE = { kind: 'file', mode: 0o644, uid: 0, gid: 0 } as const

const file = (path: string, more: Partial<HeaderSpec> = {}): WrittenEntry => ({
  spec: { ...FILE, path, size: 2, mtime: 500, ...more },
  body: [Buffer.from('x\n')] as unknown as AsyncIterable<Uint8Array>,
})

const folder = (path: string): WrittenEntry => ({
  spec: { ...FILE, kind: 'directory', path, mode: 0o755, size: 0, mtime: 9000 },
})

const collected = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}

const finished = async (entries: readonly WrittenEntry[]) => {
  const found: string[] = []
  const times: number[] = []
  const xattrs: string[] = []
  for await (const entry of tarEntries(finishTar(tarOf(entries), 1000))) {
    found.push(entry.path)
    times.push(entry.mtime)
    xattrs.push(...[...entry.xattrs].map(([name, value]) => `${name}=${value.toString('hex')}`))
  }
  return { found, times, xattrs }
}

test('what engines put there and what only served the making goes; no time is later than the date', async () => {
  const { found, times } = await finished([
    folder('.create-base-image/'),
    file('.create-base-image/configure'),
    file('.dockerenv'),
    folder('dev/'),
    file('dev/console'),
    folder('etc/'),
    file('etc/hosts'),
    file('etc/hostname'),
    file('etc/passwd', { mtime: 2000 }),
    folder('run/'),
    folder('run/lock/'),
    file('run/secret'),
  ])
  expect(found).toEqual([
    './',
    'dev/',
    'etc/',
    'etc/passwd',
    'run/',
    'run/lock/',
    'etc/hostname',
    'etc/resolv.conf',
  ])
  expect(Math.max(...times)).toBe(1000)
})

test('capabilities stay as bytes, other attributes go, and names need not be text', async () => {
  const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex')
  const { found, xattrs } = await finished([
    file('usr/bin/ping', {
      xattrs: new Map([
        ['security.capability', capability],
        ['user.note', Buffer.from('n')],
      ]),
    }),
    file('caf\u00e9'),
  ])
  expect(xattrs).toEqual([`security.capability=${capability.toString('hex')}`])
  expect(found).toContain('caf\u00e9')
})

test('the same tree gives the same bytes with ./ before its names and without', async () => {
  const bytes = async (entries: readonly WrittenEntry[]) =>
    Buffer.concat(await collected(finishTar(tarOf(entries), 1000)))
  const plain = await bytes([folder('etc/'), file('etc/passwd')])
  expect(await bytes([folder('./'), folder('./etc/'), file('./etc/passwd')])).toEqual(plain)
})

test.each([
  ['debian', 'bookworm', 'minbase', true],
  ['debian', 'bookworm', 'buildd', false],
  ['debian', 'trixie', 'buildd', true],
  ['debian', 'stretch', 'minbase', false],
  ['ubuntu', 'focal', 'minbase', true],
  ['ubuntu', 'bionic', 'minbase', false],
  ['ubuntu', 'hirsute', 'buildd', false],
] as const)('%s %s %s is merged: %s', (distribution, codename, variant, merged) =>
  expect(isMerged({ distribution, codename, variant })).toBe(merged),
)
