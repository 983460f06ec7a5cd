import { expect, test } from 'vitest'
import { distinct } from '../../src/text/distinct.ts'

test.each([
  [[], []],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['a', 'a', 'a'],
    ['a', 'a-2', 'a-3'],
  ],
  [
    ['a', 'a', 'a-2'],
    ['a', 'a-3', 'a-2'],
  ],
])('%j becomes %j', (words, made) => {
  expect(distinct(words)).toEqual(made)
})
