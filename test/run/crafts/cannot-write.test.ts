import { expect, test } from 'vitest'
import { cannotWrite } from '../../../src/run/crafts/cannot-write.ts'

const ROOM = 'Make room, then run the same command again.'
const PLACE = 'Name a place where you may write, such as ~/my-folder.'

test.each([
  ['EACCES', 'unwritable', 'you have no right to write there', PLACE],
  ['EPERM', 'unwritable', 'the system does not allow it', PLACE],
  ['EROFS', 'unwritable', 'the file system is read-only', PLACE],
  ['ENOSPC', 'no-space', 'the disk is full', ROOM],
  ['EDQUOT', 'no-space', 'your share of the disk is used up', ROOM],
  ['ENOTDIR', 'unwritable', 'a part of the path is a file', PLACE],
  ['EISDIR', 'unwritable', 'it is a folder', PLACE],
  ['ENOENT', 'unwritable', 'a folder above it is missing', PLACE],
  [
    'ENAMETOOLONG',
    'unwritable',
    'the name is too long',
    'Choose a shorter name: a file system takes 255 bytes, and some files add to it.',
  ],
])('%s is told as %s: %s', (code, told, why, todo) => {
  expect(cannotWrite('/place', Object.assign(new Error('x'), { code }))).toMatchObject({
    name: 'CraftError',
    code: told,
    message: `/place can't be written: ${why}.`,
    todo: [todo],
  })
})

test('any other error stays as it is', () => {
  for (const error of [new Error('x'), Object.assign(new Error('x'), { code: 'EIO' })])
    expect(cannotWrite('/place', error)).toBe(error)
})
