import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { decompress } from '../../../src/bootstrap/stage/decompress.ts'
import { checkXzHeader, checkZstdHeader } from '../../../src/bootstrap/stage/frame-headers.ts'
import { inPieces, joined } from './made-deb.ts'
import { TEXT, XZ, ZSTD } from './samples.ts'

test('xz and zstd are read, in pieces of any size', async () => {
  for (const piece of [1, 5, 1000]) {
    expect(String(await joined(decompress(inPieces(XZ, piece), '.xz')))).toBe(TEXT)
    expect(String(await joined(decompress(inPieces(ZSTD, piece), '.zst')))).toBe(TEXT)
  }
})

test('one damaged stream after another does not stop the next', async () => {
  for (let n = 0; n < 5; n++) {
    await expect(joined(decompress(inPieces(XZ.subarray(0, 60)), '.xz'))).rejects.toThrow('damaged')
    const read = decompress(inPieces(XZ), '.xz')
    await read.next()
    await read.return(undefined)
    expect(String(await joined(decompress(inPieces(XZ), '.xz')))).toBe(TEXT)
  }
})

test('what is empty or of another kind is damaged', async () => {
  for (const ending of ['.xz', '.zst', '.gz'] as const) {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(100)]) {
      await expect(joined(decompress(inPieces(bytes), ending))).rejects.toThrow(
        'damaged or truncated',
      )
    }
  }
})

test('windows beyond 128 MiB are refused from the header alone', () => {
  const xz = (dictionary: number): Buffer => {
    const start = Buffer.alloc(32)
    Buffer.from('fd377a585a000004e6d6b446', 'hex').copy(start)
    Buffer.from([2, 0, 0x21, 1, dictionary]).copy(start, 12)
    return start
  }
  checkXzHeader(xz(30))
  expect(() => checkXzHeader(xz(31))).toThrow('too much memory')
  expect(() => checkXzHeader(xz(40))).toThrow('too much memory')
  const zstd = (window: number): Buffer => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, window, 0, 0])
  checkZstdHeader(zstd(17 << 3))
  expect(() => checkZstdHeader(zstd((17 << 3) + 1))).toThrow('too much memory')
  const single = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0])
  expect(() => checkZstdHeader(single)).toThrow('too much memory')
})

test('a real xz with a dictionary beyond the bound is refused', () => {
  let made: Buffer
  try {
    made = execFileSync('xz', ['--lzma2=dict=192MiB', '-c'], { input: TEXT })
  } catch {
    return
  }
  expect(() => checkXzHeader(made.subarray(0, 32))).toThrow('too much memory')
})
