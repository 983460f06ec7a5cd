import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { outputFor } from '../../src/commands/root-output.ts'
import { newFolder } from '../bootstrap/fetch/server.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const ROOT = { platform: 'linux', uid: 0 } as const

const given = async function* (...chunks: readonly (Uint8Array | Error)[]) {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk
    yield chunk
  }
}

test('a file takes its name when it is whole, and not before', async () => {
  const folder = await newFolder()
  const output = await outputFor('new/root.tar', folder)
  await expect(output(given(Buffer.from('a'), new Error('cut')))).rejects.toThrow('cut')
  expect(readdirSync(join(folder, 'new'))).toEqual([])
  await output(given(Buffer.from('a'), Buffer.from('b')))
  expect(readFileSync(join(folder, 'new/root.tar'), 'utf8')).toBe('ab')
})

test('what a killed run has left goes with the next one; what a living one is at stays', async () => {
  const folder = await newFolder()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const names = [`root.tar.part-${pid}`, `root.tar.part-${process.ppid}`, `root.tar.part-x`]
  for (const name of [...names, `other.part-${pid}`]) writeFileSync(join(folder, name), '')
  await (
    await outputFor('root.tar', folder)
  )(given(Buffer.from('a')))
  expect(readdirSync(folder).toSorted()).toEqual(
    [...names.slice(1), `other.part-${pid}`, 'root.tar'].toSorted(),
  )
})

test('a folder is for root on Linux, and for an empty place', async () => {
  const folder = await newFolder()
  mkdirSync(join(folder, 'full'))
  writeFileSync(join(folder, 'full/mine'), '')
  await expect(outputFor('full', folder, ROOT)).rejects.toThrow('not an empty folder')
  for (const machine of [{ ...ROOT, uid: 1000 }, { platform: 'darwin', uid: 0 } as const])
    await expect(outputFor('tree/', folder, machine)).rejects.toThrow('Only root on Linux')
})

test.skipIf(!isRoot)('a folder is there whole with owners and bits, or not at all', async () => {
  const folder = await newFolder()
  const from = join(folder, 'from')
  mkdirSync(join(from, 'bin'), { recursive: true })
  writeFileSync(join(from, 'bin/su'), 'x', { mode: 0o755 })
  const words = ['--create', '--owner=0', '--group=42', '--mode=u+s', '--directory', from, 'bin']
  const tar = execFileSync('tar', words)
  mkdirSync(join(folder, 'tree'))
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  mkdirSync(join(folder, `.tree.part-${pid}`))
  const output = await outputFor('tree', folder)
  await expect(output(given(tar.subarray(0, 700), new Error('cut')))).rejects.toThrow('cut')
  expect(readdirSync(folder).toSorted()).toEqual(['from', 'tree'])
  await output(given(tar))
  const { gid, mode } = statSync(join(folder, 'tree/bin/su'))
  expect([gid, mode & 0o7777]).toEqual([42, 0o4755])
  expect(statSync(join(folder, 'tree')).mode & 0o777).toBe(0o755)
  expect(readdirSync(folder).toSorted()).toEqual(['from', 'tree'])
})

test('a slow reader of stdout makes no listeners pile up', async () => {
  const listeners: number[] = []
  const reader = new Writable({
    highWaterMark: 1024,
    write: (_chunk, _encoding, done) => {
      listeners.push(reader.listenerCount('close'))
      setImmediate(done)
    },
  })
  vi.spyOn(process, 'stdout', 'get').mockReturnValue(reader as unknown as typeof process.stdout)
  onTestFinished(() => void vi.restoreAllMocks())
  const pieces = Array.from({ length: 30 }, () => Buffer.alloc(4096))
  const output = await outputFor(undefined, '/')
  await output(given(...pieces))
  expect(listeners.length).toBeGreaterThan(20)
  expect(Math.max(...listeners)).toBeLessThan(5)
})

test('a place that takes no file is told in our words', async () => {
  const folder = await newFolder()
  writeFileSync(join(folder, 'file'), '')
  const output = await outputFor('file/root.tar', folder)
  await expect(output(given(Buffer.from('a')))).rejects.toThrow("/file/root.tar can't be written")
})
