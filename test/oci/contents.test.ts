import { expect, test } from 'vitest'
import { contentsOf } from '../../src/oci/contents.ts'

const layer = (paths: Readonly<Record<string, number>>) => ({
  paths: new Map(Object.entries(paths)),
})

test('a file hides the one of its path, and the last one that hides is told of the nearest', () => {
  const { layers, tree } = contentsOf([layer({ a: 5, b: 7 }), layer({ a: 3 }), layer({ a: 100 })])
  expect(layers).toEqual([
    { hidBytes: 0, wastedBytes: 5 },
    { hidBytes: 5, wastedBytes: 3 },
    { hidBytes: 3, wastedBytes: 0 },
  ])
  expect(tree).toEqual([
    { path: 'a', bytes: 100 },
    { path: 'b', bytes: 7 },
  ])
})

test.each<[string, Readonly<Record<string, number>>, number]>([
  ['a whiteout of a file', { 'usr/bin/.wh.a': 0 }, 1],
  ['a whiteout of its folder', { 'usr/.wh.bin': 0 }, 3],
  ['a whiteout of the first folder', { '.wh.usr': 0 }, 7],
  ['an opaque folder', { 'usr/bin/.wh..wh..opq': 0 }, 3],
  ['an opaque root', { '.wh..wh..opq': 0 }, 15],
  ['a file in the place of a folder', { usr: 0 }, 7],
  ['a whiteout of another name', { 'usr/bin/.wh.c': 0, 'usr/bi': 0 }, 0],
  ['nothing', {}, 0],
])('%s hides what is below it', (_, paths, hidden) => {
  const lower = layer({ 'usr/bin/a': 1, 'usr/bin/b': 2, 'usr/lib': 4, etc: 8 })
  const { layers } = contentsOf([lower, layer(paths)])
  expect(layers.map(({ hidBytes }) => hidBytes)).toEqual([0, hidden])
  expect(layers.map(({ wastedBytes }) => wastedBytes)).toEqual([hidden, 0])
})

test('a layer whose files are not all known makes no tree', () => {
  expect(contentsOf([layer({ a: 1 }), { paths: null }])).toMatchObject({
    layers: [
      { hidBytes: 0, wastedBytes: 0 },
      { hidBytes: 0, wastedBytes: 0 },
    ],
    tree: [],
  })
})

test('the tree has three steps, five of a folder, and none below a 25th of the whole', () => {
  const files = {
    'a/b/c/d/e': 50,
    'a/b/x': 4,
    'a/b/y': 3,
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map(n => [`z${n}`, 10 + n])),
    empty: 0,
  }
  // 50 + 4 + 3 + 81 are 138, of which a 25th is 5.5.
  expect(contentsOf([layer(files)]).tree).toEqual([
    { path: 'a', bytes: 57 },
    { path: 'a/b', bytes: 57 },
    { path: 'a/b/c', bytes: 50 },
    { path: 'z6', bytes: 16 },
    { path: 'z5', bytes: 15 },
    { path: 'z4', bytes: 14 },
    { path: 'z3', bytes: 13 },
  ])
  expect(contentsOf([layer({ a: 24, b: 1 })]).tree).toHaveLength(2)
  expect(contentsOf([layer({ a: 25, b: 1 })]).tree).toHaveLength(1)
  expect(contentsOf([layer({ a: 0 })]).tree).toEqual([])
})
