import { PassThrough, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { outOf } from '../../src/show/out.ts'

test('a slow reader is waited for', async () => {
  const stream = new PassThrough({ highWaterMark: 4 })
  let through = false
  const written = Promise.resolve(outOf(stream).write('more than four')).then(
    () => (through = true),
  )
  await new Promise(setImmediate)
  expect(through).toBe(false)
  stream.resume()
  await written
  expect(through).toBe(true)
})

test('a reader that goes away does not keep us waiting', async () => {
  const stream = new PassThrough({ highWaterMark: 1 })
  const waiting = outOf(stream).write('text')
  stream.destroy()
  await waiting
  expect(outOf(stream).write('more')).toBeUndefined()
})

test('waiting leaves no listener behind, however often', async () => {
  const stream = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => setImmediate(done),
  })
  const counts = () => ['drain', 'close', 'error'].map(name => stream.listenerCount(name))
  const before = counts()
  for (let i = 0; i < 20; i++) await outOf(stream).write('text')
  expect(counts()).toEqual(before)
})
