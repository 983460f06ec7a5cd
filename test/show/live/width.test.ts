import { expect, test } from 'vitest'
import { chop, clip, fold, pad, tidy, widthOf } from '../../../src/show/live/width.ts'

test('wide characters count two columns and escape sequences none', () => {
  expect(widthOf('世界')).toBe(4)
  expect(widthOf('😀')).toBe(2)
  expect(widthOf('\u001B[1mbold\u001B[22m')).toBe(4)
  expect(widthOf('e\u0301')).toBe(1)
})

test('a text is clipped between characters, never within one', () => {
  expect(clip('世界世界', 6, '…')).toBe('世界…')
  expect(clip('😀😀😀', 4, '…')).toBe('😀…')
  expect(clip('abcdef', 6, '…')).toBe('abcdef')
  expect(clip('abcdef', 2, '...')).toBe('ab')
  expect(clip('abcdef', 0, '…')).toBe('')
})

test('nothing that moves the cursor or turns the direction is left in a line', () => {
  expect(tidy('a\tb\rc\u0007\u001B[3Jd\u202Ee\u200Bf\nx')).toBe('a    b cdef x')
  expect(tidy('👩\u200D👩\u200D👧 ❤\uFE0F')).toBe('👩👩👧 ❤')
})

test('a folded line goes on below its text, and a long word stays whole', () => {
  expect(fold('  Size    one two three four', 25)).toEqual([
    '  Size    one two three',
    '          four',
  ])
  expect(fold('see /a/very/long/path/to/something ok', 12)).toEqual([
    'see',
    '/a/very/long/path/to/something',
    'ok',
  ])
})

test('a chopped text loses nothing', () => {
  const text = 'docker run 世界 😀 --name x'
  expect(chop(text, 7).join('')).toBe(text)
  expect(chop(text, 7).every(piece => widthOf(piece) <= 7)).toBe(true)
  expect(chop('世', 1)).toEqual(['世'])
})

test('a text is padded by columns, not by characters', () => {
  expect(pad('世界', 6)).toBe('世界  ')
})
