import { expect, test } from 'vitest'
import { nearest } from '../../src/text/nearest.ts'

test.each([
  ['tga', 'tag'],
  ['engin', 'engine'],
  ['complie-in', 'compile-in'],
  ['zzzzz', null],
])('the word nearest to %s is %s', (text, word) => {
  expect(nearest(text, ['tag', 'engine', 'compile-in'])).toBe(word)
})
