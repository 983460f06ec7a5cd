import { expect, test } from 'vitest'
import { beginsWith, compareVersions, isVersion } from '../../../src/bootstrap/apk/version.ts'

test.each([
  ['1.0', '1.0', 0],
  ['1.0', '1.1', -1],
  ['1.10', '1.9', 1],
  ['1.2.3', '1.2', 1],
  ['1.05', '1.1', -1],
  ['1.005', '1.05', -1],
  ['1.0a', '1.0', 1],
  ['1.0a', '1.0b', -1],
  ['1.0_alpha', '1.0', -1],
  ['1.0_alpha2', '1.0_beta1', -1],
  ['1.0_rc1', '1.0', -1],
  ['1.0_p1', '1.0', 1],
  ['1.2.5_git20240101', '1.2.5', 1],
  ['1.2.5_git20240101', '1.2.5_git20231231', 1],
  ['1.36.1-r29', '1.36.1-r3', 1],
  ['1.36.1-r0', '1.36.1', 1],
  ['1.36.1-r29', '1.36.2-r0', -1],
  ['2.0_pre1-r1', '2.0-r0', -1],
])('%s against %s is %i', (a, b, order) => {
  expect(compareVersions(a, b)).toBe(order)
  expect(compareVersions(b, a)).toBe(order === 0 ? 0 : -order)
})

test.each(['1', '1.2.3', '1.0a', '1_rc2-r0', '20240705-r0', '0.0.1_alpha1_p2-r9'])(
  '%s is a version',
  text => expect(isVersion(text)).toBe(true),
)

test.each(['', 'a', '1.0bc', '1.0_unknown', '1.0-5', '>1', '1234567890123456789'])(
  '"%s" is no version',
  text => expect(isVersion(text)).toBe(false),
)

test('a version begins with another when its parts do', () => {
  expect(beginsWith('1.2.3-r0', '1.2')).toBe(true)
  expect(beginsWith('1.20', '1.2')).toBe(false)
})
