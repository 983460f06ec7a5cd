import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { workerEntries } from '../../scripts/build/workers.mjs'
import { workerFile } from '../../src/worker-file.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cbi-workers-'))
})

afterEach(() => rmSync(root, { recursive: true }))

const add = (folder: string): void => {
  mkdirSync(join(root, 'src', folder), { recursive: true })
  writeFileSync(join(root, 'src', folder, 'worker.ts'), '')
}

test('each worker.ts becomes a file named after its folder', async () => {
  add('deep/stage')
  expect(await workerEntries(root)).toEqual({
    'worker-stage': `./${join('src', 'deep', 'stage', 'worker.ts')}`,
  })
})

test('two of one name are refused', async () => {
  add('one/stage')
  add('two/stage')
  await expect(workerEntries(root)).rejects.toThrow('would both be worker-stage')
})

test('a worker of ours is found in dist, from src too', async () => {
  expect(fileURLToPath(workerFile('stage'))).toBe(join(ROOT, 'dist', 'worker-stage.js'))
  const names = Object.keys(await workerEntries(ROOT))
  expect(names.filter(name => !existsSync(join(ROOT, 'dist', `${name}.js`)))).toEqual([])
  const built = (await readdir(join(ROOT, 'dist'))).filter(name => name.startsWith('worker-'))
  expect(built.toSorted()).toEqual(names.map(name => `${name}.js`).toSorted())
})
