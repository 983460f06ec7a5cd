import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolders } from '../../src/text/make-folders.ts'

let room: string
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'cbi-folders-'))
})
afterEach(() => rmSync(room, { recursive: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

test('what is missing above is made too, by the mode that is asked for', async () => {
  await makeFolders(join(room, 'a/b/c'), 0o700)
  expect(['a', 'a/b', 'a/b/c'].map(path => modeOf(join(room, path)))).toEqual([0o700, 0o700, 0o700])
  await makeFolders(join(room, 'a/b'), 0o755)
  expect(modeOf(join(room, 'a/b'))).toBe(0o700)
})

test('several at once make one', async () => {
  await Promise.all(Array.from({ length: 8 }, () => makeFolders(join(room, 'x/y/z'))))
  expect(statSync(join(room, 'x/y/z')).isDirectory()).toBe(true)
})

test.skipIf(process.platform !== 'linux')(
  'a folder that takes no new ones is told at once, and so is a file',
  async () => {
    await expect(makeFolders('/proc/none')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(makeFolders('/proc/none/of/them')).rejects.toMatchObject({ code: 'ENOENT' })
    writeFileSync(join(room, 'file'), '')
    await expect(makeFolders(join(room, 'file/below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  },
)
