import { PassThrough } from 'node:stream'
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
