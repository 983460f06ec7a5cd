import { expect, test } from 'vitest'
import { cells, clip, harmless, wrap } from '../../../src/ask/prompt/text.ts'

test.each([
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['世界', 4],
  ['👩‍👩‍👧', 2],
  ['', 0],
])('%s takes %i columns', (text, columns) => expect(cells(text)).toBe(columns))

test('a clipped text fits, and says that it was cut', () => {
  expect(clip('hello', 5)).toBe('hello')
  expect(clip('hello there', 6)).toBe('hello…')
  expect(cells(clip('世界世界', 4))).toBeLessThanOrEqual(4)
})

test.each([8, 13, 40])('every wrapped line fits in %i columns, and no letter is lost', width => {
  const text = 'A short word, averyveryverylongwordthatfitsnowhere and 世界世界世界世界世界 too'
  const lines = wrap(text, width)
  expect(Math.max(...lines.map(cells))).toBeLessThanOrEqual(width)
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
})

test('control characters of a paste become blanks', () => {
  expect(harmless('a\u001b[31mb\u0007\u009b')).toBe('a [31mb  ')
})
