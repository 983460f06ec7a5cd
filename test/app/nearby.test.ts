import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nearbyFiles } from '../../src/app/nearby.ts'
import { rawProgram } from '../../src/elf/raw.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nearby-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const put = (path: string, content: string | Uint8Array): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}

test('C files and static programs are found where compilers put them, and nothing else', async () => {
  const program = rawProgram('hi', 'amd64')
  const dynamic = Buffer.from(program)
  put('main.c', '')
  put('src/other.c', '')
  put('deep/er/third.c', '')
  put('tool', program)
  put('notes.txt', 'text')
  put('cut', dynamic.subarray(0, 40))
  put('target/x86_64-unknown-linux-musl/release/app', program)
  expect(await nearbyFiles('source', folder)).toEqual(['./main.c', './src/other.c'])
  expect(await nearbyFiles('binary', folder)).toEqual([
    './tool',
    './target/x86_64-unknown-linux-musl/release/app',
  ])
})

test('a folder of many gives 8', async () => {
  for (let i = 0; i < 12; i++) put(`f${i}.c`, '')
  expect(await nearbyFiles('source', folder)).toHaveLength(8)
  expect(await nearbyFiles('source', join(folder, 'not there'))).toEqual([])
})
