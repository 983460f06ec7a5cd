import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { compressionOf, decompressed } from '../../src/tar/compression.ts'
import { TarProblem } from '../../src/tar/problem.ts'
import { inspectArchive } from '../../src/oci/inspect.ts'
import type { ArchiveFacts } from '../../src/oci/types.ts'
import { configFor, madeTar, ociArchive } from '../oci/make-tar.ts'
import { room } from '../oci/room.ts'

const inspected = async (bytes: Buffer): Promise<ArchiveFacts> => {
  const path = join(await room(), 'archive')
  await writeFile(path, bytes)
  return inspectArchive(path)
}

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
  expect(compressionOf(zstd)).toBe('zstd')
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
  await expect(gunzipped(flipped)).rejects.toThrow('its gzip data is damaged or cut')
})

test('a reader that stops early lets its source go on from there', async () => {
  const source = inPieces(Buffer.concat([zlib.gzipSync(Buffer.alloc(5_000_000))]), 100)
  const kept = { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }
  for await (const part of decompressed(kept, 'gzip')) if (part.length > 0) break
  expect((await source.next()).done).toBe(false)
})

// The six bytes of a zstd frame's start are enough to be told apart.
const zstd = Buffer.from('28b52ffd0458', 'hex')
const hasZstd = 'createZstdDecompress' in zlib

const toldUnreadable = async (): Promise<void> => {
  const facts = await inspected(ociArchive(configFor([small]), [zstd]))
  expect(facts.problems.join()).toMatch(/compressed by zstd, which Node [\d.]+ cannot read/)
  await expect(inspected(zstd)).rejects.toThrow(/compressed by zstd, which Node/)
}

const read = async (): Promise<void> => {
  const compress: unknown = Reflect.get(zlib, 'zstdCompressSync')
  if (typeof compress !== 'function') throw new Error('no zstdCompressSync')
  const stored = Buffer.from(compress(small) as Uint8Array)
  const facts = await inspected(ociArchive(configFor([small]), [stored]))
  expect(facts.problems).toEqual([])
  expect(facts.images[0]?.layers[0]?.contentBytes).toBe(2)
}

test(
  `a zstd layer is ${hasZstd ? 'read' : 'said to be unreadable'} by this Node`,
  hasZstd ? read : toldUnreadable,
)
