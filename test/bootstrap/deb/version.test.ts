import { expect, test } from 'vitest'
import { compareVersions, isInRelation, isVersion } from '../../../src/bootstrap/deb/version.ts'

/** From oldest to newest, by Debian Policy 5.6.12 and dpkg's own tests. */
const RISING = [
  '0~~',
  '0~~a',
  '0~',
  '0',
  '0.0',
  '0.1~rc1',
  '0.1',
  '0.1-1',
  '0.1-1+b1',
  '0.1-1.1',
  '0.1-10',
  '0.1a',
  '0.1+b',
  '0.1.0',
  '1.0~beta1~svn1245',
  '1.0~beta1',
  '1.0',
  '1.0-1~deb12u1',
  '1.0-1',
  '1.0-1ubuntu0.1',
  '1.0-1+deb12u1',
  '1.0a-1',
  '1.9',
  '1.10',
  '9',
  '18446744073709551616',
  '18446744073709551617',
  '1:0',
  '1:0.1',
  '2:0~',
]

test('versions are ordered as dpkg orders them, each against each', () => {
  for (const [i, a] of RISING.entries())
    for (const [j, b] of RISING.entries())
      expect(Math.sign(compareVersions(a, b)), `${a} and ${b}`).toBe(Math.sign(i - j))
})

test.each([
  ['1.0', '1.0-0'],
  ['1.0', '0:1.0'],
  ['1.0', '1.00'],
  ['1.0', '01.0'],
  ['0.0', '0.00'],
])('%s is the same as %s', (a, b) => {
  expect(compareVersions(a, b)).toBe(0)
  expect(isInRelation(a, '=', b)).toBe(true)
})

test('a hyphen in the upstream version stays there', () => {
  expect(compareVersions('1-2-3', '1-2-4')).toBeLessThan(0)
  expect(compareVersions('1-2-3', '1-3-1')).toBeLessThan(0)
})

test('relations', () => {
  expect(isInRelation('2.36-9', '>=', '2.36')).toBe(true)
  expect(isInRelation('2.36-9', '<<', '2.36')).toBe(false)
  expect(isInRelation('2.36~1', '<<', '2.36')).toBe(true)
  expect(isInRelation('2.36', '<=', '2.36')).toBe(true)
  expect(isInRelation('2.36', '>>', '2.36')).toBe(false)
})

test.each(['1.0', '1:2.3-4~deb12u1', '0.1-1', '9+dfsg.1-2+b3'])('%s is a version', text =>
  expect(isVersion(text)).toBe(true),
)

test.each(['', 'a', '1-', '1 0', '1/0', '-1', ':1', '1:', '1$(x)', `1${'0'.repeat(600)}`])(
  '%j is none',
  text => expect(isVersion(text)).toBe(false),
)
