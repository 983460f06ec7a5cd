import { execFileSync } from 'node:child_process'
import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { compressionOf, decompressed } from '../../src/tar/compression.ts'
import { TarProblem, UnreadProblem } from '../../src/tar/problem.ts'
import { drain } from '../../src/tar/streams.ts'
import { madeTar } from '../oci/make-tar.ts'

const small = madeTar([{ path: 'hello', body: 'hi' }])

const inPieces = async function* (bytes: Buffer, piece: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
}

const gunzipped = async (bytes: Buffer, piece = 1000): Promise<string> => {
  const parts: Uint8Array[] = []
  for await (const part of decompressed(inPieces(bytes, piece), 'gzip')) parts.push(part)
  return Buffer.concat(parts).toString()
}

test('compression is told by the first bytes', () => {
  expect(compressionOf(zlib.gzipSync('x'))).toBe('gzip')
  expect(compressionOf(Buffer.from(ONE_TWO.zstd[0], 'hex'))).toBe('zstd')
  expect(compressionOf(Buffer.from(ONE_TWO.skippable[0], 'hex'))).toBe('zstd')
  expect(compressionOf(small)).toBe('none')
  expect(compressionOf(Buffer.alloc(0))).toBe('none')
})

test('gzip data of several members is read whole, whatever the chunks', async () => {
  const two = Buffer.concat([zlib.gzipSync('first '), zlib.gzipSync('second')])
  for (const piece of [1, 10, 1000]) expect(await gunzipped(two, piece)).toBe('first second')
})

test('gzip data that is cut or damaged is a problem, wherever', async () => {
  const whole = zlib.gzipSync('hello '.repeat(1000))
  for (let length = 1; length < whole.length; length += 5) {
    await expect(gunzipped(whole.subarray(0, length), 7)).rejects.toThrow(TarProblem)
  }
  const flipped = Buffer.from(whole)
  flipped.writeUInt8(flipped.readUInt8(whole.length - 6) ^ 1, whole.length - 6)
  await expect(gunzipped(flipped)).rejects.toThrow('its gzip data is damaged or truncated')
})

test('a reader that stops early lets its source go on from there', async () => {
  const source = inPieces(Buffer.concat([zlib.gzipSync(Buffer.alloc(5_000_000))]), 100)
  const kept = { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }
  for await (const part of decompressed(kept, 'gzip')) if (part.length > 0) break
  expect((await source.next()).done).toBe(false)
})

// The six bytes of a zstd frame's start are enough to be told apart.
const unpacked = async (bytes: Buffer, piece = 1000): Promise<string> => {
  const parts: Uint8Array[] = []
  for await (const part of decompressed(inPieces(bytes, piece), compressionOf(bytes)))
    parts.push(part)
  return Buffer.concat(parts).toString()
}

const TEXT = 'All work and no play. '.repeat(20_000)
// Made by the zstd, xz and bzip2 programs from "one" and "two", each a stream of its own.
const ONE_TWO = {
  zstd: ['28b52ffd04581900006f6e65f6a10824', '28b52ffd045819000074776f8b44f4ec'],
  skippable: ['502a4d180300000061626328b52ffd04581900006f6e65f6a10824', '5f2a4d1800000000'],
} as const

test('frames of zstd one after another are one text, and skippable ones are none', async () => {
  const [one, two] = ONE_TWO.zstd.map(hex => Buffer.from(hex, 'hex'))
  const skip = ONE_TWO.skippable.map(hex => Buffer.from(hex, 'hex'))
  for (const piece of [1, 5, 1000]) {
    expect(await unpacked(Buffer.concat([one ?? skip[0]!, two!]), piece)).toBe('onetwo')
    expect(await unpacked(Buffer.concat([skip[0]!, skip[1]!, two!]), piece)).toBe('onetwo')
  }
})

test('zstd that is cut, goes on with something else, or wants too much is told as that', async () => {
  const one = Buffer.from(ONE_TWO.zstd[0], 'hex')
  await expect(unpacked(one.subarray(0, -5))).rejects.toThrow(
    'its zstd data is damaged or truncated',
  )
  await expect(unpacked(Buffer.concat([one, Buffer.from('more')]))).rejects.toThrow(
    'continues with something other than zstd',
  )
  const wide = unpacked(Buffer.from('28b52ffd0090010000', 'hex'))
  await expect(wide).rejects.toThrow(UnreadProblem)
  await expect(wide).rejects.toThrow('a window of 256 MiB, and 128 are allowed')
  const taught = unpacked(Buffer.from('28b52ffd010807010000', 'hex'))
  await expect(taught).rejects.toThrow('needs a dictionary')
})

const tool = (program: string): ((text: string) => Buffer) | null => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore', input: '' })
  } catch {
    return null
  }
  return text => execFileSync(program, ['-c'], { input: text, maxBuffer: 1e8 })
}

test.each(['zstd', 'xz', 'bzip2'])(
  '%s of any size is read, streams in a row as one',
  async name => {
    const compress = tool(name)
    if (compress === null) return
    const whole = compress(TEXT)
    expect(compressionOf(whole)).toBe(name)
    for (const piece of [100, 70_000]) {
      expect((await unpacked(whole, piece)) === TEXT).toBe(true)
      const two = Buffer.concat([compress('one'), compress('two')])
      expect(await unpacked(two, piece)).toBe('onetwo')
    }
    await expect(unpacked(whole.subarray(0, -20))).rejects.toThrow(`its ${name} data is damaged`)
    const flipped = Buffer.from(whole)
    flipped.writeUInt8((flipped.at(-30) ?? 0) ^ 0xff, flipped.length - 30)
    if (name !== 'zstd') await expect(unpacked(flipped)).rejects.toThrow(TarProblem)
  },
)

test('xz streams may have padding between them, and xz within xz is not waited for', async () => {
  const compress = tool('xz')
  if (compress === null) return
  const two = Buffer.concat([compress('one'), Buffer.alloc(8), compress('two')])
  expect(await unpacked(two, 7)).toBe('onetwo')
  const within = decompressed(inPieces(compress('one'), 5), 'xz')
  await within.next()
  await expect(unpacked(compress('two'))).rejects.toThrow('it is xz within xz')
  await within.return(undefined)
  expect(await unpacked(compress('two'))).toBe('two')
})

test('what the stream itself fails with is handed on', async () => {
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(ONE_TWO.zstd[0], 'hex').subarray(0, 8)
    throw new Error('the disk is gone')
  }
  await expect(drain(decompressed(failing(), 'zstd'))).rejects.toThrow('the disk is gone')
  await expect(drain(decompressed(failing(), 'xz'))).rejects.toThrow('the disk is gone')
  await expect(drain(decompressed(failing(), 'bzip2'))).rejects.toThrow('the disk is gone')
})
