import { expect, test } from 'vitest'
import { progressText } from '../../src/show/texts.ts'
import { counted, size } from '../../src/text/units.ts'

test('one of a kind is one, and all else are several', () => {
  expect([0, 1, 2].map(count => counted(count, 'file'))).toEqual(['0 files', '1 file', '2 files'])
  expect([1, 2].map(count => counted(count, 'copy', 'copies'))).toEqual(['1 copy', '2 copies'])
})

test('so are bytes', () => {
  expect([0, 1, 999, 1000, 150_000, 29_700_000, 2e9].map(size)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '150 kB',
    '29.7 MB',
    '2.0 GB',
  ])
})

test.each([
  [{ done: 0, total: 1, unit: 'packages' }, '0 of 1 package'],
  [{ done: 1, total: 2, unit: 'packages' }, '1 of 2 packages'],
  [{ done: 1, unit: 'layers' }, '1 layer'],
  [{ done: 1, total: 2000, unit: 'bytes' }, '1 byte of 2.0 kB'],
] as const)('and what a step counts: %j', (progress, text) => {
  expect(progressText({ type: 'progress', step: 'make', ...progress })).toBe(text)
})
