import { execFileSync } from 'node:child_process'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { layerChunks, planLayer } from '../../src/oci/layer.ts'
import type { ImageFile } from '../../src/oci/types.ts'
import { room, textFile } from './room.ts'

const bytesOf = async (files: readonly ImageFile[]): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const chunk of layerChunks(await planLayer(files))) parts.push(chunk)
  return Buffer.concat(parts)
}

test('the plan knows the size of the tar before a file is read', async () => {
  const files = [textFile('a', 'x'.repeat(513)), textFile(`${'d'.repeat(200)}/b`, '')]
  expect((await planLayer(files)).layerBytes).toBe((await bytesOf(files)).length)
})

test('a layer of no files is an empty tar', async () => {
  expect(await bytesOf([])).toEqual(Buffer.alloc(1024))
})

test('the order in which files are given makes no difference', async () => {
  const files = ['a/b', 'a-b', 'a.b', 'Z', 'é', 'a/a/a'].map(path => textFile(path, path))
  expect(await bytesOf(files)).toEqual(await bytesOf(files.toReversed()))
})

test('parent directories come once and before what is in them', async () => {
  const plan = await planLayer(['a/c/e', 'a/b', 'a-b'].map(path => textFile(path, '')))
  expect(plan.entries.map(each => each.entry.path)).toEqual(['a-b', 'a/', 'a/b', 'a/c/', 'a/c/e'])
})

const refused: readonly (readonly [string, RegExp])[] = [
  ['/etc/passwd', /must be relative/],
  ['../x', /must not have/],
  ['a/../b', /must not have/],
  ['./a', /must not have/],
  ['a//b', /must not have/],
  ['a/', /must not have/],
  ['', /must not have/],
  ['a/.wh.b', /would delete/],
  ['a\0b', /zero byte/],
  ['a\ud800', /not Unicode/],
]
for (const [path, why] of refused) {
  test(`the path ${JSON.stringify(path)} cannot be in an image`, async () => {
    await expect(planLayer([textFile(path, '')])).rejects.toThrow(why)
  })
}

test('a path that is there twice, or is a file and a directory, is refused', async () => {
  await expect(planLayer([textFile('a', ''), textFile('a', '')])).rejects.toThrow('twice')
  const both = [textFile('a', ''), textFile('a/b', '')]
  await expect(planLayer(both)).rejects.toThrow('a is a file and a directory')
})

test('a mode or an owner that no file can have is refused', async () => {
  for (const wrong of [
    { mode: 0o10000 },
    { mode: -1 },
    { uid: -1 },
    { gid: 2 ** 32 },
    { uid: 0.5 },
  ]) {
    await expect(planLayer([{ ...textFile('a', ''), ...wrong }])).rejects.toThrow('impossible')
  }
})

test('a source that is a directory, or is missing, is refused', async () => {
  const at = await room()
  const file = (path: string): ImageFile => ({ path: 'a', source: { path }, mode: 0o644 })
  await expect(planLayer([file(at)])).rejects.toThrow('is not a regular file')
  await expect(planLayer([file(join(at, 'missing'))])).rejects.toThrow('ENOENT')
})

test('a source that shrinks or grows after the plan is an error, not a broken tar', async () => {
  const at = await room()
  const path = join(at, 'source')
  await writeFile(path, 'x'.repeat(1000))
  const plan = await planLayer([{ path: 'a', source: { path }, mode: 0o644 }])
  const read = async (): Promise<void> => {
    for await (const chunk of layerChunks(plan)) expect(chunk).toBeDefined()
  }
  await truncate(path, 10)
  await expect(read()).rejects.toThrow('changed while it was read')
  await writeFile(path, 'x'.repeat(1001))
  await expect(read()).rejects.toThrow('changed while it was read')
})

const gnuTar = (() => {
  try {
    return execFileSync('tar', ['--version'], { encoding: 'utf8' }).includes('GNU tar')
  } catch {
    return false
  }
})()
const noTar = gnuTar ? '' : ' (skipped: there is no GNU tar)'

test.skipIf(!gnuTar)(`GNU tar extracts the files with long and Unicode paths${noTar}`, async () => {
  const at = join(await room(), 'out')
  await mkdir(at)
  const paths = [`${'d'.repeat(90)}/${'e'.repeat(90)}/${'f'.repeat(90)}`, 'grüße/日本/🐳', 'plain']
  const input = await bytesOf(paths.map(path => textFile(path, `in ${path}`)))
  execFileSync('tar', ['-C', at, '-xf', '-'], { input })
  for (const path of paths) {
    expect(execFileSync('cat', [join(at, path)], { encoding: 'utf8' })).toBe(`in ${path}`)
  }
})
