import { expect, test } from 'vitest'
import { openPackages } from '../../../src/bootstrap/deb/packages-index.ts'
import { smallIndex } from './small-index.ts'

const index = smallIndex({
  bookworm: {
    rows: [
      ['bash 5.2 required', { Essential: 'yes' }],
      ['mawk 1.3 required', { Provides: 'awk' }],
      ['gawk 5 optional', { Provides: 'awk (= 5)' }],
      ['other 1 required', { Architecture: 'arm64' }],
      ['docs 1 requiredish', { Architecture: 'all' }],
    ],
  },
  'bookworm-security': {
    role: 'security',
    rows: [['bash 5.2-1+deb12u1 required'], ['new 1 required']],
  },
})

test('the highest version wins, all are there, the highest first', () => {
  expect(index.newest('bash')).toMatchObject({
    version: '5.2-1+deb12u1',
    url: 'http://mirror.test/debian/pool/bash_5.2-1%2Bdeb12u1_amd64.deb',
    origin: { suite: 'bookworm-security' },
    size: 1000,
  })
  expect(index.all('bash').map(({ version }) => version)).toEqual(['5.2-1+deb12u1', '5.2'])
  expect(index.newest('bash')!.stanza).toMatch(/^Package: bash\nVersion: 5\.2-1\+deb12u1\n/)
})

test('the first suite wins among equal versions', () => {
  const same = smallIndex({ one: { rows: [['a2 1']] }, two: { rows: [['a2 1']] } })
  expect(same.newest('a2')!.origin.suite).toBe('one')
})

test('priorities and Essential are the release’s own, by whole words', () => {
  expect(index.withPriority('required')).toEqual(['bash', 'mawk', 'other'])
  expect(index.essential()).toEqual(['bash'])
})

test('packages of another architecture are none, those of all are', () => {
  expect(index.newest('other')).toBeNull()
  expect(index.newest('docs')).not.toBeNull()
  expect(index.newest('nothing')).toBeNull()
})

test('who provides a virtual name, and in which version', () => {
  expect(index.providers('awk').map(one => [one.package.name, one.version])).toEqual([
    ['mawk', null],
    ['gawk', '5'],
  ])
  expect(index.providers('bash')).toEqual([])
})

test.each([
  ['Filename', '../../etc/passwd'],
  ['Filename', '/etc/passwd'],
  ['Filename', 'http://x/?y=z w'],
  ['Size', '-1'],
  ['Size', '99999999999999'],
  ['SHA256', 'abc'],
  ['Version', '1; reboot'],
  ['Architecture', '../x'],
])('a package with %s %j is refused by name', (field, value) => {
  const hostile = smallIndex({ bookworm: { rows: [['bash', { [field]: value }]] } })
  expect(() => hostile.newest('bash')).toThrow(`no usable ${field.toLowerCase()} for "bash"`)
})

test('bytes that are no index make an empty one', () => {
  const origin = { archive: 'http://x', suite: 's', component: 'c', role: 'release' as const }
  const bytes = Buffer.from('<html>\n\n<body>\n\nPackage:\n\nPackage: \n')
  const opened = openPackages([{ bytes, origin }], 'amd64')
  expect(opened.newest('bash')).toBeNull()
  expect(opened.withPriority('required')).toEqual([])
})
