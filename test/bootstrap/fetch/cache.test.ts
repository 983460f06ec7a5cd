import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheUse, emptyCache, trimCache } from '../../../src/bootstrap/fetch/cache/evict.ts'
import { cacheFolder } from '../../../src/bootstrap/fetch/cache/folder.ts'
import { openPartial } from '../../../src/bootstrap/fetch/cache/partial.ts'
import { blobPath } from '../../../src/bootstrap/fetch/cache/parts.ts'
import { seenIn } from '../../../src/bootstrap/fetch/cache/seen.ts'
import { openStore } from '../../../src/bootstrap/fetch/cache/store.ts'
import { readValidators, writeValidators } from '../../../src/bootstrap/fetch/cache/validators.ts'
import { fetcherFor, newFolder, serve, wanting } from './server.ts'

const BYTES = randomBytes(10_000)
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test('the folder follows the convention of each system', () => {
  const machine = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string =>
    cacheFolder({ platform, env, home })
  expect(machine('linux', {}, '/home/me')).toBe('/home/me/.cache/create-base-image')
  expect(machine('linux', { XDG_CACHE_HOME: '/c' }, '/home/me')).toBe('/c/create-base-image')
  expect(machine('linux', { XDG_CACHE_HOME: 'c' }, '/h')).toBe('/h/.cache/create-base-image')
  expect(machine('darwin', { XDG_CACHE_HOME: '/c' }, '/Users/me')).toBe(
    '/Users/me/Library/Caches/create-base-image',
  )
  expect(machine('win32', { LOCALAPPDATA: 'D:\\L' }, 'C:\\me')).toBe(
    'D:\\L\\create-base-image\\Cache',
  )
  expect(machine('win32', {}, 'C:\\me')).toBe('C:\\me\\AppData\\Local\\create-base-image\\Cache')
})

test('what was not used for longest goes first, and what was used in the last hour stays', async () => {
  const folder = await newFolder()
  const now = Date.now()
  const put = async (age: number): Promise<string> => {
    const path = blobPath(folder, hash(randomBytes(8)))
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, randomBytes(1000))
    await utimes(path, new Date(now - age), new Date(now - age))
    return path
  }
  const hour = 3_600_000
  const paths = [await put(5 * hour), await put(3 * hour), await put(2 * hour), await put(hour / 2)]
  expect(await trimCache(folder, 2000, now)).toEqual({ files: 2, bytes: 2000 })
  expect((await readFile(paths[2] ?? '')).length).toBe(1000)
  await expect(readFile(paths[1] ?? '')).rejects.toThrow('ENOENT')
  expect(await trimCache(folder, 0, now)).toEqual({ files: 1, bytes: 1000 })
})

test('emptying a cache leaves what is not ours', async () => {
  const { fetcher, cache } = await fetcherFor()
  const server = await serve((_, response) => response.end(BYTES))
  await fetcher.file(wanting(`${server.url}/a.deb`, BYTES))
  await writeFile(join(cache, 'sha256', 'diary.txt'), 'mine')
  await writeFile(join(cache, 'letter.txt'), 'mine')
  expect(await cacheUse(cache)).toEqual({ files: 1, bytes: BYTES.length })
  expect(await emptyCache(cache)).toEqual({ files: 1, bytes: BYTES.length })
  expect(await cacheUse(cache)).toEqual({ files: 0, bytes: 0 })
  expect(await readdir(cache)).toContain('letter.txt')
  expect(await readdir(join(cache, 'sha256'))).toContain('diary.txt')
})

test('a cache that cannot be made is told once, and the run goes on without it', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'file'), '')
  const server = await serve((_, response) => response.end(BYTES))
  const { fetcher, notes } = await fetcherFor({ cache: join(folder, 'file', 'cache') })
  const { path } = await fetcher.file(wanting(`${server.url}/a.deb`, BYTES))
  expect(hash(await readFile(path))).toBe(hash(BYTES))
  expect(notes).toEqual([expect.stringMatching(/can't be used \(ENOTDIR\); .*temporary folder/)])
  await fetcher.close()
  await expect(readFile(path)).rejects.toThrow('ENOENT')
})

// Node's own recursive mkdir would never return.
test.skipIf(process.platform !== 'linux')(
  'a cache below a folder that takes no new ones is told, and the run goes on without it',
  async () => {
    const notes: string[] = []
    const store = await openStore('/proc/no/cache', note => notes.push(note))
    expect(notes.join()).toContain("The cache /proc/no/cache can't be used (ENOENT)")
    await store.close()
    await seenIn('/proc/no/cache').note('http://mirror.example', 'bookworm', 1)
  },
)

test('a disk that fills in the middle moves the run to a temporary folder; a second full disk ends it', async () => {
  const cache = await newFolder()
  const temporary = await newFolder()
  const notes: string[] = []
  const store = await openStore(cache, note => notes.push(note), temporary)
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
  await store.giveUp(full)
  expect(notes).toEqual([expect.stringMatching(/disk of the cache .* is full; .*temporary folder/)])
  expect(store.writable().startsWith(temporary)).toBe(true)
  await expect(store.giveUp(full)).rejects.toMatchObject({ code: 'disk-full' })
  await store.close()
  expect(await readdir(temporary)).toEqual([])
})

test('of several runs one takes over an abandoned download, and the others write their own', async () => {
  const folder = await newFolder()
  await mkdir(join(folder, 'partial'))
  const sha256 = hash(BYTES)
  const old = join(folder, 'partial', `${sha256}.99-1-0`)
  await writeFile(old, BYTES.subarray(0, 4000))
  await utimes(old, new Date(0), new Date(0))
  await writeFile(join(folder, 'partial', `${sha256}.98-1-0`), 'a run that is still at work')
  const all = await Promise.all([1, 2, 3].map(() => openPartial(folder, sha256, BYTES.length)))
  expect(all.map(each => each.size()).sort()).toEqual([0, 0, 4000])
  for (const each of all) {
    await each.write(BYTES.subarray(each.size()))
    expect(each.sha256()).toBe(sha256)
    await each.commit()
  }
  expect(hash(await readFile(blobPath(folder, sha256)))).toBe(sha256)
  expect(await readdir(join(folder, 'partial'))).toEqual([`${sha256}.98-1-0`])
})

test('what is kept for an address is checked when it is read', async () => {
  const folder = await newFolder()
  await mkdir(join(folder, 'http'))
  const address = 'http://me:hush@host/dists/x/InRelease'
  const good = { etag: '"a"', lastModified: null, sha256: hash(BYTES) }
  await writeValidators(folder, address, good)
  expect(await readValidators(folder, 'http://host/dists/x/InRelease')).toEqual(good)
  const [name = ''] = await readdir(join(folder, 'http'))
  const wrong = ['', '{', 'null', '[]', '{"sha256":"../../x"}', `{"sha256":5}`, 'x'.repeat(20_000)]
  for (const text of wrong) {
    await writeFile(join(folder, 'http', name), text)
    expect(await readValidators(folder, address), text.slice(0, 20)).toBeNull()
  }
  const evil = JSON.stringify({ ...good, etag: 'a\r\nHost: b' })
  await writeFile(join(folder, 'http', name), evil)
  expect((await readValidators(folder, address))?.etag).toBeNull()
})

test('a hash that is none makes no path', () => {
  for (const text of ['', '../../etc/passwd', 'A'.repeat(64), 'a'.repeat(63)])
    expect(() => blobPath('/c', text)).toThrow('64')
})

test('a file of the cache that leads elsewhere is judged by what it holds', async () => {
  const folder = await newFolder()
  const store = await openStore(folder, () => undefined)
  const path = blobPath(folder, hash(BYTES))
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(join(folder, 'elsewhere'), 'other')
  await symlink(join(folder, 'elsewhere'), path)
  expect(await store.find(hash(BYTES), new AbortController().signal)).toBeNull()
  expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toBe('other')
  await rm(folder, { recursive: true })
})

test('the newest date of an index is remembered, by archive and suite, until the cache is emptied', async () => {
  const folder = await newFolder()
  const { newest, note } = seenIn(folder)
  expect(await newest('http://a/debian', 'bookworm')).toBeNull()
  await note('http://a/debian', 'bookworm', 2000)
  await note('http://a/debian', 'bookworm', 1000)
  expect(await seenIn(folder).newest('http://a/debian', 'bookworm')).toBe(2000)
  expect(await newest('http://b/debian', 'bookworm')).toBeNull()
  await trimCache(folder, 0, Date.now() + 1e9)
  expect(await newest('http://a/debian', 'bookworm')).toBe(2000)
  const [name = ''] = await readdir(join(folder, 'seen'))
  await writeFile(join(folder, 'seen', name), 'damaged')
  expect(await newest('http://a/debian', 'bookworm')).toBeNull()
  await emptyCache(folder)
  expect(await readdir(join(folder, 'seen'))).toEqual([])
})

test('where nothing can be written, nothing is remembered and nothing fails', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'file'), '')
  const { newest, note } = seenIn(join(folder, 'file'))
  await note('http://a/debian', 'bookworm', 2000)
  expect(await newest('http://a/debian', 'bookworm')).toBeNull()
})
