import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileBytes } from '../../src/tar/file-bytes.ts'

const counted = (tar: Buffer, step: number): number => {
  const counter = fileBytes()
  for (let at = 0; at < tar.length; at += step) counter.add(tar.subarray(at, at + step))
  return counter.sum()
}

test.skipIf(process.platform === 'win32').each(['gnu', 'pax', 'ustar'])(
  'the files of a tar by GNU tar (%s) are counted, however it is cut',
  format => {
    const folder = mkdtempSync(join(tmpdir(), 'cbi-bytes-'))
    try {
      const long = join(folder, 'a'.repeat(90), 'b'.repeat(60))
      mkdirSync(long, { recursive: true })
      writeFileSync(join(long, 'c'), 'x'.repeat(513))
      writeFileSync(join(folder, 'empty'), '')
      writeFileSync(join(folder, 'block'), 'y'.repeat(512))
      linkSync(join(folder, 'block'), join(folder, 'block again'))
      symlinkSync('block', join(folder, 'link'))
      const tar = execFileSync('tar', [`--format=${format}`, '-C', folder, '-cf', '-', '.'])
      for (const step of [1, 511, 512, 513, 4096, tar.length])
        expect(counted(tar, step)).toBe(513 + 512)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

test('what is no tar counts as nothing', () => {
  expect(counted(Buffer.alloc(5000, 1), 700)).toBe(0)
  expect(counted(Buffer.alloc(0), 1)).toBe(0)
})
