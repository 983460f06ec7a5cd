import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readBlob, type Limits } from '../../src/oci/blob.ts'
import { BrokenArchive } from '../../src/oci/errors.ts'
import { folderEntries } from '../../src/oci/folder.ts'
import { tarEntries } from '../../src/tar/read.ts'
import { inspected, json, MANIFEST, of, PARTS } from './documents.ts'
import { digestOf, madeTar } from './make-tar.ts'
import { room } from './room.ts'

const limits = (change: Partial<Record<keyof Limits, number>> = {}): Limits => ({
  expanded: { remaining: change.expanded ?? 1e9 },
  json: { remaining: change.json ?? 1e9 },
  layers: { remaining: change.layers ?? 10 },
  names: { remaining: change.names ?? 1e6 },
})

const blobOf = async (body: Buffer | string, within = limits()) => {
  const bytes = Buffer.from(body)
  const once = async function* (): AsyncGenerator<Uint8Array> {
    yield madeTar([{ path: 'x', body: bytes }])
  }
  for await (const entry of tarEntries(once())) {
    const blob = await readBlob(entry, 'x', within)
    expect(blob).toMatchObject({ size: bytes.length, digest: digestOf(bytes), isSparse: false })
    return blob.content
  }
  throw new Error('The tar is empty.')
}

const TOO_BIG = { kind: 'unread', why: 'it is too big for a document of an image' }
const MOST = 4 * 1024 * 1024

test('a document has at most 4 MiB, and all of them as much as there is room for', async () => {
  const document = (size: number): string => `[${' '.repeat(size - 2)}]`
  expect(await blobOf(document(MOST))).toMatchObject({ kind: 'json' })
  expect(await blobOf(document(MOST + 1))).toEqual(TOO_BIG)
  expect(await blobOf(document(100), limits({ json: 100 }))).toEqual({
    kind: 'json',
    text: document(100),
  })
  expect(await blobOf(document(100), limits({ json: 99 }))).toEqual(TOO_BIG)
})

test.each([
  ['{}', 'json'],
  ['  \n[]', 'json'],
  ['\ufeff{}', 'json'],
  ['x{}', undefined],
  ['text', undefined],
  ['', undefined],
])('%j begins like a document: %s', async (text, kind) => {
  expect((await blobOf(text))?.kind).toBe(kind)
})

test.each([
  [511, undefined],
  [512, undefined],
  [1023, undefined],
  [1024, 'layer'],
  [1025, undefined],
  [1536, 'layer'],
])('%d zeros are an empty layer: %s', async (size, kind) => {
  expect((await blobOf(Buffer.alloc(size)))?.kind).toBe(kind)
})

test('a layer is counted, and one too many is not looked at', async () => {
  const layer = madeTar([
    { path: './a', body: 'xyz' },
    { path: 'b/.wh.c' },
    { path: 'l', type: '2', link: 'a' },
  ])
  expect(await blobOf(layer)).toEqual({
    kind: 'layer',
    files: 1,
    contentBytes: 3,
    biggest: [{ path: 'a', bytes: 3 }],
    paths: new Map([
      ['a', 3],
      ['b/.wh.c', 0],
      ['l', 0],
    ]),
    starters: new Map(),
    bytes: layer.length,
    isPlain: true,
    diffId: digestOf(layer),
    problem: null,
    unread: null,
  })
  expect(await blobOf(layer, limits({ layers: 1 }))).toMatchObject({ kind: 'layer' })
  expect(await blobOf(layer, limits({ layers: 0 }))).toEqual({
    kind: 'unread',
    why: 'it is one layer too many to look at',
  })
  // Each name costs its letters and sixty more.
  const room = 3 + 60 + 7 + 60 + 1 + 60
  expect(await blobOf(layer, limits({ names: room }))).toMatchObject({
    paths: expect.any(Map) as Map<string, number>,
  })
  expect(await blobOf(layer, limits({ names: room - 1 }))).toMatchObject({ paths: null })
})

test('a layer that is cut, or larger than is believable, is told apart', async () => {
  const layer = madeTar([{ path: 'a', body: 'x'.repeat(2000) }], false)
  expect(await blobOf(layer.subarray(0, 1024))).toMatchObject({
    kind: 'layer',
    problem: expect.any(String) as string,
    unread: null,
  })
  expect(await blobOf(layer, limits({ expanded: 1000 }))).toMatchObject({
    kind: 'layer',
    problem: null,
    unread: 'it expands to more than is believable',
  })
})

test('a folder’s files are plain ones, of nobody and without a date', async () => {
  const at = await room()
  mkdirSync(join(at, 'blobs'))
  writeFileSync(join(at, 'blobs/a'), 'xyz')
  const found = []
  for await (const { body, ...entry } of folderEntries(at)) {
    for await (const chunk of body) expect(Buffer.from(chunk).toString()).toBe('xyz')
    found.push(entry)
  }
  expect(found).toEqual([
    {
      path: 'blobs/a',
      pathBytes: Buffer.from('blobs/a'),
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      size: 3,
      linkPath: '',
      linkBytes: Buffer.from(''),
      device: { major: 0, minor: 0 },
      xattrs: new Map(),
      isSparse: false,
      offset: 0,
    },
  ])
})

test('several problems are told one after the other', async () => {
  expect(new BrokenArchive('a.tar', ['one', 'two']).message).toBe(
    'a.tar cannot be unpacked: one; two',
  )
  // The first thing that went wrong says more than that it is not an archive.
  await expect(inspected([{ path: 'a'.repeat(64) + '.json', body: 'x' }])).rejects.toThrow(
    /nor the manifest\.json of docker save\. a{64}\.json is damaged: its bytes have/,
  )
})

test('eight platforms that were not saved are named, and no more are none', async () => {
  const others = Array.from({ length: 8 }, (_, at) => ({
    digest: `sha256:${String(at).padStart(64, '0')}`,
    size: 1,
    platform: { os: 'linux', architecture: `a${at}` },
  }))
  const index = json({ manifests: [of(MANIFEST), ...others] })
  const files = [
    { path: 'oci-layout', body: '{}' },
    { path: 'index.json', body: json({ manifests: [of(index)] }) },
    { path: `blobs/${digestOf(index).replace(':', '/')}`, body: index },
  ]
  expect((await inspected([...files, ...PARTS])).notes[0]).toMatch(/linux\/a7\.$/)
})
