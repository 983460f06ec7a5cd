import { expect, test } from 'vitest'
import {
  deleteBefore,
  deleteUnder,
  deleteWord,
  moveLeft,
  moveRight,
} from '../../../src/ask/prompt/editing.ts'

const FAMILY = '👩‍👩‍👧'

test('an emoji is deleted whole from either side', () => {
  expect(deleteBefore({ text: `a${FAMILY}b`, cursor: 1 + FAMILY.length })).toEqual({
    text: 'ab',
    cursor: 1,
  })
  expect(deleteUnder({ text: `a${FAMILY}b`, cursor: 1 })).toEqual({ text: 'ab', cursor: 1 })
})

test('the cursor steps over an emoji, and stops at both ends', () => {
  expect(moveLeft({ text: FAMILY, cursor: FAMILY.length }).cursor).toBe(0)
  expect(moveLeft({ text: 'a', cursor: 0 }).cursor).toBe(0)
  expect(moveRight({ text: FAMILY, cursor: 0 }).cursor).toBe(FAMILY.length)
  expect(moveRight({ text: 'a', cursor: 1 }).cursor).toBe(1)
  expect(deleteBefore({ text: 'a', cursor: 0 })).toEqual({ text: 'a', cursor: 0 })
})

test('deleting a word stops at a slash, so a path goes part by part', () => {
  expect(deleteWord({ text: './one/two', cursor: 9 })).toEqual({ text: './one/', cursor: 6 })
  expect(deleteWord({ text: 'a b  c', cursor: 5 })).toEqual({ text: 'a c', cursor: 2 })
})
