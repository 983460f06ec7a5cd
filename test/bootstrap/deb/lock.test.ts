import { expect, test } from 'vitest'
import { packageChanges } from '../../../src/bootstrap/deb/changes.ts'
import { withHistory } from '../../../src/bootstrap/deb/history.ts'
import { lockedSet, lockOf, lockText, readLock } from '../../../src/bootstrap/deb/lock.ts'
import type { LockQuestion } from '../../../src/bootstrap/deb/lock.ts'
import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import type { Fetcher, PackageRecord, PackageSet } from '../../../src/bootstrap/types.ts'

const SOURCE = {
  archive: 'http://me:secret@near.test/debian',
  suite: 'bookworm',
  components: ['main'],
  role: 'release',
  optional: false,
} as const

const record = (name: string, version: string): PackageRecord => ({
  name,
  version,
  architecture: 'amd64',
  filename: `pool/${name}_${version}_amd64.deb`,
  url: `http://near.test/debian/pool/${name}_${encodeURIComponent(version)}_amd64.deb`,
  size: 10,
  sha256: name.charCodeAt(0).toString(16).repeat(32),
  priority: 'required',
  section: 'admin',
  essential: false,
  installedBytes: 2048,
  origin: {
    archive: 'http://near.test/debian',
    suite: 'bookworm',
    component: 'main',
    role: 'release',
  },
  stanza: '',
})

const SET: PackageSet = {
  suites: [{ source: SOURCE, sha256: 'ab'.repeat(32), date: 1_700_000_000_000, signedBy: ['F'] }],
  missing: [],
  required: [record('bash', '5.2+b1')],
  base: [record('apt', '2.6')],
  extras: [record('curl', '1:7')],
  epoch: 1_700_000_000,
  newer: 2,
}

const QUESTION: LockQuestion = {
  distribution: 'debian',
  codename: 'bookworm',
  architecture: 'amd64',
  variant: 'minbase',
  include: ['curl'],
  exclude: [],
  sources: [SOURCE],
  slim: false,
  keyring: null,
  epoch: null,
}

const lock = lockOf(
  QUESTION,
  SET,
  { slim: false, keyring: null, sources: ['http://deb.test/debian bookworm main'] },
  () => 'http://deb.test/debian',
)

test('a lock has a line for each package, no login and no near mirror, and gives the same packages', () => {
  const text = lockText(lock)
  expect(text.split('\n').filter(line => line.includes('"filename"')).length).toBe(3)
  expect(text).not.toMatch(/secret|near/)
  const read = readLock(text, 'packages.lock')
  expect(read).toEqual(lock)
  const { required, base, extras, epoch, newer } = lockedSet(read, QUESTION)
  expect({ required, base, extras, epoch, newer }).toEqual({
    required: SET.required,
    base: SET.base,
    extras: SET.extras,
    epoch: SET.epoch,
    newer: 2,
  })
})

test.each<[string, Partial<LockQuestion>]>([
  ['variant is minbase in the lock, and buildd here', { variant: 'buildd' }],
  ['include is curl in the lock, and none here', { include: [] }],
  ['architecture is amd64 in the lock, and arm64 here', { architecture: 'arm64' }],
  ['--copy, --hook and --sources give other files than in the lock', { own: 'cd'.repeat(32) }],
  ['slim is off in the lock, and on here', { slim: true }],
  ['epoch is 1700000000 in the lock, and 5 here', { epoch: 5 }],
  [`keyring is none in the lock, and ${'cd'.repeat(32)} here`, { keyring: 'cd'.repeat(32) }],
])('%s: refused', (words, change) => {
  expect(() => lockedSet(lock, { ...QUESTION, ...change })).toThrow(words)
})

test('includes in another order are the same', () => {
  const two = { ...lock, include: ['curl', 'vim'] }
  expect(lockedSet(two, { ...QUESTION, include: ['vim', 'curl', 'curl'] }).newer).toBe(2)
})

test.each<[string, (value: Record<string, unknown>) => unknown]>([
  ['it is not JSON', () => 'x'],
  ['lock is not as it must be', value => ({ ...value, lock: 2 })],
  [
    'packages.0.filename is not',
    value => ({ ...value, packages: [{ ...lock.packages[0], filename: '../../etc' }] }),
  ],
  [
    'packages.0.sha256 is not',
    value => ({ ...value, packages: [{ ...lock.packages[0], sha256: 'short' }] }),
  ],
  [
    'bash is of a suite that is not in it',
    value => ({ ...value, packages: [{ ...lock.packages[0], suite: 'sid' }] }),
  ],
  ['sources.0 is not', value => ({ ...value, sources: ['http://x y\nevil: z'] })],
])('%s: refused', (words, change) => {
  const value = change({ ...lock })
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  expect(() => readLock(text, 'packages.lock')).toThrow(words)
})

const fetcherWith = (there: string, asked: string[]): Fetcher => ({
  bytes: () => Promise.reject(new Error('not asked')),
  file: ({ url, what }) => {
    asked.push(url)
    return url === there
      ? Promise.resolve({ path: '/x', from: 'network' as const })
      : Promise.reject(new BootstrapError('not-found', what))
  },
})

test("what a mirror no longer has comes from the lock's archive, or from its history", async () => {
  const [bash] = lockedSet(lock, QUESTION).required
  const past =
    'http://snapshot.debian.org/archive/debian/20231115T101320Z/pool/bash_5.2%2Bb1_amd64.deb'
  const asked: string[] = []
  const request = {
    ...bash!,
    what: 'bash',
    maxBytes: 10,
    signal: new AbortController().signal,
  }
  await withHistory(fetcherWith(past, asked), lock).file(request)
  expect(asked).toEqual([
    'http://near.test/debian/pool/bash_5.2%2Bb1_amd64.deb',
    'http://deb.test/debian/pool/bash_5.2%2Bb1_amd64.deb',
    past,
  ])
  await expect(withHistory(fetcherWith('', []), lock).file(request)).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('what has changed between two sets, by name', () => {
  const changes = packageChanges(
    [record('bash', '1'), record('curl', '2'), record('dash', '1'), record('zsh', '1')],
    [record('bash', '1.1'), record('curl', '1'), record('dash', '1'), record('vim', '1')],
  )
  expect(changes).toEqual({
    newer: [{ name: 'bash', from: '1', to: '1.1' }],
    older: [{ name: 'curl', from: '2', to: '1' }],
    added: [{ name: 'vim', version: '1' }],
    removed: [{ name: 'zsh', version: '1' }],
  })
})
