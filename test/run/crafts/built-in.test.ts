import { expect, test } from 'vitest'
import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { epochOf, toldToPeople } from '../../../src/run/crafts/built-in.ts'
import { filesFor } from '../../../src/run/crafts/files-for.ts'
import { notesIn, withTag } from '../../../src/run/crafts/pack-image.ts'

test('a time is digits and nothing else, as many as a date may have', () => {
  expect(epochOf('0')).toEqual({ epoch: 0 })
  expect(epochOf('1600000000')).toEqual({ epoch: 1_600_000_000 })
  for (const text of ['', 'now', '-1', '1.5', ' 1', '1 ', '1'.repeat(12), undefined])
    expect(epochOf(text), text).toEqual({})
})

test('what a bootstrap says is told to people as it is, and no other error changes', () => {
  const error = new BootstrapError('not-found', 'It is not there.', ['Look elsewhere.'])
  expect(toldToPeople(error)).toMatchObject({
    name: 'CraftError',
    code: 'not-found',
    message: 'It is not there.',
    todo: ['Look elsewhere.'],
  })
  const other = new Error('odd')
  expect(toldToPeople(other)).toBe(other)
})

test('a program has a file for each architecture, or one', () => {
  expect(filesFor({ file: 'hello', arch: 'arm64' })).toEqual([{ file: 'hello', arch: 'arm64' }])
  expect(filesFor({ file: 'hello', arch: 'arm64', archs: [] })).toHaveLength(1)
  expect(filesFor({ file: 'hello', arch: 'arm64', archs: ['amd64', 'arm64'] })).toEqual([
    { file: 'linux/amd64/hello', arch: 'amd64' },
    { file: 'linux/arm64/hello', arch: 'arm64' },
  ])
})

test('an archive names its image in full, a port is no tag', () => {
  expect(
    ['hello', 'hello:1', 'r.example:5000/hello', 'r.example:5000/hello:1'].map(withTag),
  ).toEqual(['hello:latest', 'hello:1', 'r.example:5000/hello:latest', 'r.example:5000/hello:1'])
})

test('what a plan leaves open is not in the image', () => {
  const nothing = { entrypoint: null, cmd: null, env: [], expose: [], user: null, labels: {} }
  expect(notesIn(nothing)).toEqual({})
  const all = {
    entrypoint: ['/a'],
    cmd: ['b'],
    env: ['A=1'],
    expose: ['80/tcp'],
    user: '1',
    labels: { a: 'b' },
  }
  expect(notesIn(all)).toEqual(all)
})
