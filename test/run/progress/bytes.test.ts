import { expect, test } from 'vitest'
import { bytesReader } from '../../../src/run/progress/bytes.ts'
import { err, out, replay } from './replay.ts'

test('bytes of stdout are counted against a known total', () => {
  expect(replay(bytesReader(8), [out('ab'), out('cdefgh')]).progress).toEqual([
    { fraction: 0.25, done: 2, total: 8, unit: 'bytes' },
    { fraction: 1, done: 8, total: 8, unit: 'bytes' },
  ])
})

test('without a total there is no fraction', () => {
  expect(replay(bytesReader(), [out('abc')]).progress).toEqual([{ done: 3, unit: 'bytes' }])
})

test('more bytes than announced raise the total', () => {
  expect(replay(bytesReader(2), [out('abcd')]).last).toEqual({
    fraction: 1,
    done: 4,
    total: 4,
    unit: 'bytes',
  })
})

test('stderr becomes log lines, and an empty chunk says nothing', () => {
  const { lines, progress } = replay(bytesReader(), [out(''), err('tar: lo'), err('st\n')])
  expect(lines).toEqual(['tar: lost'])
  expect(progress).toEqual([])
})
