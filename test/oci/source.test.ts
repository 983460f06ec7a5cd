import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isArchive, openStream } from '../../src/oci/source.ts'
import { madeArchive, madeTar } from './make-tar.ts'
import { room } from './room.ts'

const tells = async (bytes: Buffer): Promise<boolean> => {
  const path = join(await room(), 'file')
  await writeFile(path, bytes)
  return isArchive(path)
}

test('a tar may be an archive, gzipped or not, unless it is cut in its first block', async () => {
  expect(await tells(madeArchive([]))).toBe(true)
  expect(await tells(gzipSync(madeArchive([])))).toBe(true)
  expect(await tells(gzipSync(madeArchive([])).subarray(0, 20))).toBe(false)
})

test('an executable, a text, nothing, and gzip of a text are no archives', async () => {
  const others = ['\x7fELF', 'text '.repeat(300), ''].map(text => Buffer.from(text))
  for (const bytes of [...others, gzipSync('text '.repeat(300))]) {
    expect(await tells(bytes)).toBe(false)
  }
})

test('a tar with a damaged first header is no archive', async () => {
  const tar = madeTar([{ path: 'hello', body: 'x' }])
  expect(await tells(Buffer.from(tar.fill('j', 0, 1)))).toBe(false)
})

test('a directory is no archive and a missing file is the system error', async () => {
  const at = await room()
  expect(await isArchive(at)).toBe(false)
  await expect(isArchive(join(at, 'missing'))).rejects.toThrow('ENOENT')
})

test('a stream can be read once, and a part of it is not to be had later', async () => {
  const chunks = (async function* () {
    yield madeArchive([])
  })()
  const source = await openStream(chunks, 'a pipe')
  expect(source).toMatchObject({ path: 'a pipe', size: 0 })
  expect(() => source.part(0, 1)).toThrow('a pipe can be read only once')
})
