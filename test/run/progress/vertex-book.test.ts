import { expect, test } from 'vitest'
import { vertexBook } from '../../../src/run/progress/vertices.ts'

test('a book without vertices tells nothing, and what is not in it changes nothing', () => {
  const book = vertexBook()
  book.run('a')
  book.complete('a')
  book.fail('a')
  book.now('a', 'x')
  book.bytes('a', 'f', 1, 2)
  expect(book.progress()).toBeNull()
})

test('a vertex is what its first name says', () => {
  const book = vertexBook()
  book.see('a', '[1/2] FROM x')
  book.see('a', '[2/2] RUN y')
  book.run('a')
  expect(book.progress()).toMatchObject({ text: '[1/2] FROM x', done: 0 })
})

test('what runs last is told, with what it does now', () => {
  const book = vertexBook()
  for (const [key, name] of [
    ['a', '[1/2] RUN a'],
    ['b', '[2/2] RUN b'],
  ] as const) {
    book.see(key, name)
    book.run(key)
  }
  expect(book.progress()!.text).toBe('[2/2] RUN b')
  book.now('b', 'half:')
  expect(book.progress()!.text).toBe('half')
  book.complete('b')
  expect(book.progress()).toMatchObject({ text: '[1/2] RUN a', done: 1, total: 2, unit: 'steps' })
  book.fail('a')
  expect(book.progress()).not.toHaveProperty('text')
  expect(book.progress()!.done).toBe(1)
  // One that starts again says nothing old.
  book.run('b')
  expect(book.progress()!.text).toBe('[2/2] RUN b')
})

test('layers are told in bytes while they come, by their short names', () => {
  const book = vertexBook()
  book.see('a', '[1/1] FROM x')
  book.run('a')
  const layer = `sha256:${'0123456789abcdef'.repeat(4)}`
  book.bytes('a', layer, 0, 0)
  expect(book.progress()).toMatchObject({ unit: 'steps' })
  book.bytes('a', layer, 300, 200)
  book.bytes('a', 'other', 50, 100)
  book.now('a', layer)
  expect(book.progress()).toMatchObject({
    done: 250,
    total: 300,
    unit: 'bytes',
    text: 'downloading 0123456789ab',
  })
  book.bytes('a', 'other', 100, 100)
  // All has come.
  expect(book.progress()).toMatchObject({ unit: 'steps', done: 0, total: 1 })
})

test('steps that names tell of and that were not seen count, until the export', () => {
  const book = vertexBook()
  book.see('a', '[build 1/3] FROM x')
  book.see('b', '[final 2/4] COPY y')
  book.see('c', '[internal] load')
  expect(book.progress()!.total).toBe(3 + 5)
  book.see('d', 'exporting to image')
  expect(book.progress()!.total).toBe(4)
})

test('the bar is by weight, rises only, and is whole when all is', () => {
  const book = vertexBook()
  book.see('a', '[internal] load')
  book.complete('a')
  const first = book.progress()!.fraction!
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(0.1)
  book.see('b', '[1/2] FROM x')
  book.see('c', '[2/2] RUN y')
  book.complete('c')
  const second = book.progress()!.fraction!
  // A step weighs ten times what is internal or a base image.
  expect(second).toBeGreaterThan(first * 5)
  book.run('c')
  expect(book.progress()!.fraction).toBe(second)
  book.see('d', 'exporting to image')
  for (const key of ['b', 'c', 'd']) book.complete(key)
  expect(book.progress()!.fraction).toBe(1)
})
