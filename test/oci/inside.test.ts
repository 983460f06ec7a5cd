import { mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BrokenArchive } from '../../src/oci/errors.ts'
import { directoryInside, entryParts } from '../../src/oci/inside.ts'
import type { UnpackedImage } from '../../src/oci/types.ts'
import { unpackArchive } from '../../src/oci/unpack.ts'
import { madeArchive, madeTar } from './make-tar.ts'
import type { Made } from './make-tar.ts'
import { room } from './room.ts'

interface Unpacked extends UnpackedImage {
  readonly root: string
  readonly outside: string
}

const unpacked = async (layers: readonly (readonly Made[])[]): Promise<Unpacked> => {
  const outside = await room()
  const archive = join(outside, 'archive.tar')
  await writeFile(archive, madeArchive(layers.map(layer => madeTar(layer))))
  const root = join(outside, 'root')
  return { ...(await unpackArchive(archive, root)), root, outside }
}

const names = async (path: string): Promise<string[]> =>
  (await readdir(path, { recursive: true })).toSorted()

test('the parts of a path leave out what says nothing', () => {
  expect(entryParts('./a//b/./c/')).toEqual(['a', 'b', 'c'])
  expect(entryParts('/')).toEqual([])
})

test('links are followed as within the root, and only on the way', async () => {
  const root = await room()
  await mkdir(join(root, 'usr/bin'), { recursive: true })
  await symlink('usr/bin', join(root, 'bin'))
  await symlink('/bin', join(root, 'usr/absolute'))
  await symlink('../usr/./absolute/..', join(root, 'usr/back'))
  expect(await directoryInside(root, ['bin'], false)).toBe(join(root, 'usr/bin'))
  expect(await directoryInside(root, ['usr', 'absolute'], false)).toBe(join(root, 'usr/bin'))
  expect(await directoryInside(root, ['usr', 'back', 'new'], true)).toBe(join(root, 'usr/new'))
  await expect(directoryInside(root, ['usr', 'missing'], false)).rejects.toThrow('not a directory')
})

test('an entry that replaces a symbolic link does not write through it', async () => {
  const { root, outside } = await unpacked([
    [
      { path: 'leak', type: '2', link: '../victim' },
      { path: 'leak', body: 'inside' },
    ],
  ])
  expect(await names(outside)).toEqual(['archive.tar', 'root', 'root/leak'])
  expect(await readFile(join(root, 'leak'), 'utf8')).toBe('inside')
})

test('a path through an absolute symbolic link stays in the directory', async () => {
  const victim = await room()
  const { root } = await unpacked([
    [{ path: 'leak', type: '2', link: victim }],
    [
      { path: `${victim.slice(1)}/`, type: '5' },
      { path: 'leak/file', body: 'inside' },
    ],
  ])
  expect(await readdir(victim)).toEqual([])
  expect(await readFile(join(root, victim, 'file'), 'utf8')).toBe('inside')
})

test('a whiteout through a symbolic link deletes nothing outside', async () => {
  const victim = await room()
  await writeFile(join(victim, 'file'), 'precious')
  await unpacked([
    [{ path: 'leak', type: '2', link: victim }],
    [{ path: 'leak/.wh.file' }, { path: 'leak/.wh..wh..opq' }],
  ])
  expect(await readdir(victim)).toEqual(['file'])
})

const escapes: readonly (readonly [string, readonly Made[]])[] = [
  ['a path with ..', [{ path: '../evil', body: 'x' }]],
  ['a path with .. in the middle', [{ path: 'a/../../evil', body: 'x' }]],
  [
    'a path through a symbolic link that leads up',
    [
      { path: 'up', type: '2', link: '..' },
      { path: 'up/evil', body: 'x' },
    ],
  ],
  [
    'a path through two symbolic links that lead up',
    [
      { path: 'a/', type: '5' },
      { path: 'a/one', type: '2', link: '..' },
      { path: 'a/two', type: '2', link: 'one/..' },
      { path: 'a/two/evil', body: 'x' },
    ],
  ],
  ['a hard link with ..', [{ path: 'h', type: '1', link: '../archive.tar' }]],
  [
    'a hard link through a symbolic link that leads up',
    [
      { path: 'up', type: '2', link: '..' },
      { path: 'h', type: '1', link: 'up/archive.tar' },
    ],
  ],
  ['a whiteout of ..', [{ path: '.wh...' }]],
  ['a whiteout of its own directory', [{ path: 'a/b', body: 'x' }, { path: 'a/.wh..' }]],
  [
    'symbolic links in a circle',
    [
      { path: 'a', type: '2', link: 'b' },
      { path: 'b', type: '2', link: 'a' },
      { path: 'a/evil', body: 'x' },
    ],
  ],
]
for (const [name, layer] of escapes) {
  test(`${name} is refused, and nothing stays`, async () => {
    const outside = await room()
    const archive = join(outside, 'archive.tar')
    const bytes = madeArchive([madeTar([{ path: 'before', body: 'x' }, ...layer])])
    await writeFile(archive, bytes)
    await expect(unpackArchive(archive, join(outside, 'root'))).rejects.toThrow(BrokenArchive)
    expect(await names(outside)).toEqual(['archive.tar', 'root'])
    expect(await readFile(archive)).toEqual(bytes)
  })
}

test('a hard link to a symbolic link becomes such a link, and leaves its target alone', async () => {
  const victim = await room()
  await writeFile(join(victim, 'file'), 'precious', { mode: 0o600 })
  const { root } = await unpacked([
    [
      { path: 'soft', type: '2', link: join(victim, 'file') },
      { path: 'hard', type: '1', link: 'soft' },
    ],
    [{ path: 'hard', body: 'overwritten', mode: 0o777 }],
  ])
  expect(await readFile(join(root, 'hard'), 'utf8')).toBe('overwritten')
  expect(await readFile(join(victim, 'file'), 'utf8')).toBe('precious')
  expect((await stat(join(victim, 'file'))).mode & 0o777).toBe(0o600)
})
