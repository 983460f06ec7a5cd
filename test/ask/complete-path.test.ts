import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { completePath } from '../../src/ask/complete-path.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'complete-'))
  for (const name of ['server', '.hidden']) mkdirSync(join(folder, name))
  for (const name of ['server.c', 'serve-all.c', 'server/main.c', 'two words.c'])
    writeFileSync(join(folder, name), '')
})
afterEach(() => rmSync(folder, { recursive: true }))

test.each([
  ['se', 'serve', ['serve-all.c', 'server/', 'server.c']],
  ['./serve-', './serve-all.c', ['serve-all.c']],
  ['server/', 'server/main.c', ['main.c']],
  ['server/m', 'server/main.c', ['main.c']],
  ['.h', '.hidden/', ['.hidden/']],
  ['tw', 'two words.c', ['two words.c']],
  ['nothing', 'nothing', []],
  ['no/such/folder', 'no/such/folder', []],
  ['~', '~/', []],
])('Tab makes of %j the text %j', (typed, text, found) => {
  expect(completePath(typed, folder)).toEqual({ text, found })
})

test('nothing typed shows what is not hidden', () => {
  const { text, found } = completePath('', folder)
  expect(text).toBe('')
  expect(found).toEqual(['serve-all.c', 'server/', 'server.c', 'two words.c'])
})
