import { expect, test } from 'vitest'
import { sourcesFor, withoutLogin } from '../../../src/bootstrap/deb/sources.ts'
import { snapshotOf } from '../../../src/text/moment.ts'

const DEBIAN = {
  distribution: 'debian',
  codename: 'bookworm',
  archive: 'http://ftp.debian.org/debian',
  updatesSuite: 'bookworm-updates',
  securityArchive: 'http://security.debian.org/debian-security',
  securitySuite: 'bookworm-security',
} as const

const UBUNTU = {
  distribution: 'ubuntu',
  codename: 'noble',
  archive: 'http://archive.ubuntu.com/ubuntu',
  updatesSuite: 'noble-updates',
  securityArchive: 'http://security.ubuntu.com/ubuntu',
  securitySuite: 'noble-security',
} as const

const CHOICE = { components: ['main'], updates: true, mirror: null, near: null, snapshot: null }

const said = (...question: Parameters<typeof sourcesFor>): string[] =>
  sourcesFor(...question).map(
    ({ archive, suite, optional }) => `${archive} ${suite}${optional ? ' (optional)' : ''}`,
  )

test('the release, its updates and its security updates, all of them needed', () => {
  expect(said(DEBIAN, CHOICE)).toEqual([
    'http://ftp.debian.org/debian bookworm',
    'http://ftp.debian.org/debian bookworm-updates',
    'http://security.debian.org/debian-security bookworm-security',
  ])
  expect(said(UBUNTU, CHOICE).at(-1)).toBe('http://security.ubuntu.com/ubuntu noble-security')
})

test('--no-updates keeps to the release, and a release without such suites has none', () => {
  expect(said(DEBIAN, { ...CHOICE, updates: false })).toHaveLength(1)
  expect(said({ ...DEBIAN, updatesSuite: null, securitySuite: null }, CHOICE)).toHaveLength(1)
})

test('a mirror has updates beside it; security in its own place for Debian, beside for Ubuntu; either may lack', () => {
  expect(said(DEBIAN, { ...CHOICE, mirror: 'https://u:p@m.test/debian/' })).toEqual([
    'https://u:p@m.test/debian bookworm',
    'https://u:p@m.test/debian bookworm-updates (optional)',
    'https://u:p@m.test/debian-security bookworm-security (optional)',
  ])
  expect(said(UBUNTU, { ...CHOICE, mirror: 'https://m.test/ubuntu' })[2]).toBe(
    'https://m.test/ubuntu noble-security (optional)',
  )
})

test('the archive of this machine comes first; security updates are looked for at the distribution’s own too', () => {
  const [own, , security] = sourcesFor(DEBIAN, { ...CHOICE, near: 'http://near.test/debian/' })
  expect(own).toMatchObject({ archive: 'http://near.test/debian', optional: false })
  expect(security).toMatchObject({
    archive: 'http://near.test/debian-security',
    elsewhere: 'http://security.debian.org/debian-security',
    optional: false,
  })
})

test('a snapshot has its own places', () => {
  const snapshot = '20260701T000000Z'
  expect(said(DEBIAN, { ...CHOICE, snapshot })[2]).toBe(
    'http://snapshot.debian.org/archive/debian-security/20260701T000000Z bookworm-security',
  )
  expect(said(UBUNTU, { ...CHOICE, snapshot })[0]).toBe(
    'https://snapshot.ubuntu.com/ubuntu/20260701T000000Z noble',
  )
})

test.each([
  ['2026-07-01', '20260701T000000Z'],
  ['20260701', '20260701T000000Z'],
  ['20260701T123456Z', '20260701T123456Z'],
  ['2026-07-01T12:00:00+02:00', '20260701T100000Z'],
  ['yesterday', null],
  ['2026-13-01', null],
])('the snapshot of %s is %s', (text, snapshot) => expect(snapshotOf(text)).toBe(snapshot))

test.each([
  ['http://u:p@h/x', 'http://h/x'],
  ['https://u@h', 'https://h'],
  ['http://h/a@b', 'http://h/a@b'],
  ['file:///x', 'file:///x'],
])('%s without login is %s', (address, shown) => expect(withoutLogin(address)).toBe(shown))
