import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOld } from '../../scripts/build/fresh.mjs'

let root: string

/** Writes a file whose time is that many seconds after a fixed moment. */
const write = (path: string, seconds: number): void => {
  writeFileSync(join(root, path), '')
  utimesSync(join(root, path), 1000 + seconds, 1000 + seconds)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cbi-fresh-'))
  mkdirSync(join(root, 'src/deep'), { recursive: true })
  mkdirSync(join(root, 'dist'))
  write('src/deep/a.ts', 1)
  write('dist/cli.js', 5)
  touchFolders(2)
})

afterEach(() => rmSync(root, { recursive: true }))

const touchFolders = (seconds: number): void => {
  for (const path of ['src', 'src/deep'])
    utimesSync(join(root, path), 1000 + seconds, 1000 + seconds)
}

test('a build that is newer than its sources stays', () => {
  expect(isOld(root)).toBe(false)
})

test('a build is old without dist, and after a change, however deep', () => {
  write('src/deep/a.ts', 6)
  expect(isOld(root)).toBe(true)
  rmSync(join(root, 'dist'), { recursive: true })
  expect(isOld(root)).toBe(true)
})

test('a build is old when a source was removed after it', () => {
  rmSync(join(root, 'src/deep/a.ts'))
  expect(isOld(root)).toBe(true)
})
