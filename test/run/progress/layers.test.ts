import { expect, test } from 'vitest'
import { layerBook } from '../../../src/run/progress/layers.ts'

test('an empty book knows of nothing, and nothing is settled', () => {
  expect(layerBook().counts()).toEqual({
    layers: 0,
    layersDone: 0,
    downloaded: true,
    settled: false,
    bytes: 0,
    bytesTotal: 0,
    fraction: null,
  })
})

test('a layer of equal weight is four fifths download, and the rest extraction', () => {
  const book = layerBook()
  const fractions = [
    'Pulling fs layer',
    'Waiting',
    'Downloading',
    'Verifying Checksum',
    'Download complete',
    'Extracting',
    'Pull complete',
  ].map(state => {
    book.note('a', state)
    book.note('b', 'Pulling fs layer')
    return book.counts().fraction
  })
  expect(fractions).toEqual([0, 0, 0, 0, 0.4, 0.4, 0.5])
})

test('bytes count for the state that the layer is in, at most whole', () => {
  const book = layerBook(true)
  book.bytes('a', 50, 100)
  expect(book.counts().layers).toBe(0)
  book.note('a', 'Downloading')
  book.bytes('a', 25, 0)
  expect(book.counts()).toMatchObject({ bytes: 0, bytesTotal: 0, fraction: 0 })
  book.bytes('a', 25, 100)
  expect(book.counts()).toMatchObject({ bytes: 25, bytesTotal: 100, fraction: 0.2 })
  book.bytes('a', 300, 100)
  expect(book.counts()).toMatchObject({ bytes: 100, bytesTotal: 100, fraction: 0.8 })
  book.note('a', 'Extracting')
  book.bytes('a', 50, 200)
  // What is extracted is larger; its download is what it weighs.
  expect(book.counts().bytesTotal).toBe(100)
  expect(book.counts().fraction).toBeCloseTo(0.85)
})

test('layers weigh by their sizes, one of unknown size as a usual one, and a small one nothing', () => {
  const book = layerBook(true)
  book.note('a', 'Downloading')
  book.bytes('a', 10_000_000, 20_000_000)
  expect(book.counts().fraction).toBeCloseTo(0.4)
  const other = layerBook(true)
  other.note('b', 'Pulling fs layer')
  other.note('a', 'Downloading')
  other.bytes('a', 10_000_000, 20_000_000)
  // The size of b is not told yet.
  expect(other.counts().fraction).toBe(0.2)
  other.note('b', 'Download complete')
  expect(other.counts().fraction).toBeCloseTo(0.4)
  const small = layerBook(true)
  small.note('c', 'Download complete')
  expect(small.counts().fraction).toBe(0)
})

test('what was there before is done, and no progress', () => {
  const book = layerBook()
  book.note('a', 'Already exists')
  expect(book.counts()).toMatchObject({ layers: 1, layersDone: 1, settled: true, fraction: null })
  // A layer that is done stays done.
  book.note('a', 'Downloading')
  expect(book.counts()).toMatchObject({ layersDone: 1, fraction: null })
  book.note('b', 'Pull complete')
  book.note('b', 'Extracting')
  expect(book.counts()).toMatchObject({ layersDone: 2, fraction: 1 })
})

test('all is downloaded once no layer waits or loads, and settled once none is extracted', () => {
  const states = (...all: string[]) => {
    const book = layerBook()
    for (const [at, state] of all.entries()) book.note(String(at), state)
    const { downloaded, settled } = book.counts()
    return [downloaded, settled]
  }
  expect(states('Download complete', 'Waiting')).toEqual([false, false])
  expect(states('Download complete', 'Downloading')).toEqual([false, false])
  expect(states('Download complete', 'Extracting')).toEqual([true, false])
  expect(states('Download complete', 'Pull complete')).toEqual([true, true])
})

test('a pull that is complete has all its layers, and the bar does not fall', () => {
  const book = layerBook(true)
  book.note('a', 'Downloading')
  book.bytes('a', 90, 100)
  const before = book.counts().fraction!
  book.note('b', 'Pulling fs layer')
  expect(book.counts().fraction).toBe(before)
  book.complete()
  expect(book.counts()).toMatchObject({ layers: 2, layersDone: 2, fraction: 1 })
  const none = layerBook()
  none.complete()
  expect(none.counts().fraction).toBe(1)
})
