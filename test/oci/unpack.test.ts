import { lstat, mkdir, open, readFile, readdir, readlink, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { packImage } from '../../src/oci/pack.ts'
import type { UnpackedImage } from '../../src/oci/types.ts'
import { unpackArchive } from '../../src/oci/unpack.ts'
import { madeArchive, madeTar } from './make-tar.ts'
import type { Made } from './make-tar.ts'
import { room, specOf, textFile } from './room.ts'

interface Unpacked extends UnpackedImage {
  readonly root: string
  readonly outside: string
}

const unpacked = async (layers: readonly (readonly Made[])[], run?: unknown): Promise<Unpacked> => {
  const outside = await room()
  const archive = join(outside, 'archive.tar')
  await writeFile(
    archive,
    madeArchive(
      layers.map(layer => madeTar(layer)),
      run,
    ),
  )
  const root = join(outside, 'root')
  return { ...(await unpackArchive(archive, root)), root, outside }
}

const names = async (path: string): Promise<string[]> =>
  (await readdir(path, { recursive: true })).toSorted()

test('an image of ours comes back file by file, long and Unicode paths too', async () => {
  const at = await room()
  const long = `${'d'.repeat(90)}/${'e'.repeat(120)}/${'f'.repeat(200)}`
  const spec = specOf(
    [
      textFile('bin/hello', 'run', 0o755),
      textFile(long, 'long'),
      textFile('grüße/🐳', 'whale', 0o600),
    ],
    { env: ['A=b'], user: '1000', workdir: '/grüße', cmd: ['/bin/hello', 'x'] },
  )
  await packImage(spec, join(at, 'image.tar'))
  const run = await unpackArchive(join(at, 'image.tar'), join(at, 'root'))
  expect(run).toEqual({ cmd: ['/bin/hello', 'x'], env: ['A=b'], user: '1000', workdir: '/grüße' })
  expect(await readFile(join(at, 'root', long), 'utf8')).toBe('long')
  expect(await readFile(join(at, 'root/grüße/🐳'), 'utf8')).toBe('whale')
  expect((await stat(join(at, 'root/bin/hello'))).mode & 0o7777).toBe(0o755)
  expect((await stat(join(at, 'root/grüße/🐳'))).mode & 0o7777).toBe(0o600)
})

test('an archive gzipped as a whole unpacks the same', async () => {
  const at = await room()
  const layers = [madeTar([{ path: 'a', body: 'first' }]), madeTar([{ path: 'b', body: 'second' }])]
  await writeFile(join(at, 'archive'), gzipSync(madeArchive(layers)))
  await unpackArchive(join(at, 'archive'), join(at, 'root'))
  expect(await readFile(join(at, 'root/a'), 'utf8')).toBe('first')
  expect(await readFile(join(at, 'root/b'), 'utf8')).toBe('second')
})

test('the entrypoint comes before the command', async () => {
  const { cmd } = await unpacked([[{ path: 'a' }]], { Entrypoint: ['/sh', '-c'], Cmd: ['echo'] })
  expect(cmd).toEqual(['/sh', '-c', 'echo'])
})

test('links are made as links, and a hard link shares its file', async () => {
  const { root } = await unpacked([
    [
      { path: 'usr/bin/first', body: 'one' },
      { path: 'second', type: '1', link: 'usr/bin/first' },
      { path: 'soft', type: '2', link: '/etc/passwd' },
    ],
  ])
  expect((await stat(join(root, 'second'))).ino).toBe((await stat(join(root, 'usr/bin/first'))).ino)
  expect(await readlink(join(root, 'soft'))).toBe('/etc/passwd')
})

test('a later layer replaces, deletes and empties', async () => {
  const { root } = await unpacked([
    [
      { path: 'keep', body: '1' },
      { path: 'replaced', body: 'old' },
      { path: 'gone', body: '1' },
      { path: 'tree/a/b', body: '1' },
      { path: 'opaque/old', body: '1' },
      { path: 'opaque/sub/old', body: '1' },
      { path: 'turns', body: 'file' },
      { path: 'was/dir', body: '1' },
    ],
    [
      { path: 'opaque/new', body: '2' },
      { path: 'opaque/sub/new', body: '2' },
      { path: 'opaque/.wh..wh..opq' },
      { path: '.wh.gone' },
      { path: '.wh.tree' },
      { path: '.wh..wh.plnk', type: '5' },
      { path: 'replaced', body: 'new' },
      { path: 'turns/', type: '5', mode: 0o750 },
      { path: 'was', body: 'file' },
    ],
  ])
  expect(await names(root)).toEqual(
    [
      'keep',
      'opaque',
      'opaque/new',
      'opaque/sub',
      'opaque/sub/new',
      'replaced',
      'turns',
      'was',
    ].toSorted(),
  )
  expect(await readFile(join(root, 'replaced'), 'utf8')).toBe('new')
  expect((await stat(join(root, 'turns'))).mode & 0o7777).toBe(0o750)
})

test('devices and pipes are skipped, setuid bits dropped', async () => {
  const { root } = await unpacked([
    [
      { path: 'dev/null', type: '3' },
      { path: 'dev/sda', type: '4' },
      { path: 'pipe', type: '6' },
      { path: 'su', body: 'x', mode: 0o4755 },
    ],
  ])
  expect(await names(root)).toEqual(['su'])
  expect((await lstat(join(root, 'su'))).mode & 0o7777).toBe(0o755)
})

test('a damaged archive is refused before anything is written', async () => {
  const at = await room()
  const bytes = madeArchive([madeTar([{ path: 'hello', body: 'original' }])])
  bytes.write('tampered', bytes.indexOf('original'))
  await writeFile(join(at, 'archive'), bytes)
  await expect(unpackArchive(join(at, 'archive'), join(at, 'root'))).rejects.toThrow(
    'its diffID is',
  )
  expect(await readdir(at)).toEqual(['archive'])
})

test('a directory that is not empty is refused and kept', async () => {
  const at = await room()
  await writeFile(join(at, 'archive'), madeArchive([madeTar([{ path: 'a', body: 'x' }])]))
  await mkdir(join(at, 'root'))
  await writeFile(join(at, 'root/mine'), 'precious')
  const refused = unpackArchive(join(at, 'archive'), join(at, 'root'))
  await expect(refused).rejects.toThrow('is not empty')
  expect(await readdir(join(at, 'root'))).toEqual(['mine'])
})

test('an abort in the middle leaves the directory empty', async () => {
  const at = await room()
  const files = Array.from({ length: 3000 }, (_, n) => ({ path: `f${n}`, body: 'x' }))
  await writeFile(join(at, 'archive'), madeArchive([madeTar(files), madeTar([{ path: 'last' }])]))
  const root = join(at, 'root')
  await mkdir(root)
  const stop = new AbortController()
  const unpacking = unpackArchive(join(at, 'archive'), root, stop.signal)
  while ((await readdir(root)).length === 0) await new Promise(setImmediate)
  stop.abort(new Error('stopped'))
  await expect(unpacking).rejects.toThrow('stopped')
  expect(await readdir(root)).toEqual([])
})

test('an archive that is changed while it is unpacked leaves nothing', async () => {
  const at = await room()
  const files = Array.from({ length: 3000 }, (_, n) => ({ path: `f${n}`, body: 'x' }))
  const archive = join(at, 'archive')
  const bytes = madeArchive([madeTar(files), madeTar([{ path: 'last', body: 'original' }])])
  await writeFile(archive, bytes)
  const root = join(at, 'root')
  await mkdir(root)
  const unpacking = unpackArchive(archive, root)
  while ((await readdir(root)).length === 0) await new Promise(setImmediate)
  const file = await open(archive, 'r+')
  await file.write('tampered', bytes.indexOf('original'))
  await file.close()
  await expect(unpacking).rejects.toThrow('changed while it was read')
  expect(await readdir(root)).toEqual([])
})
