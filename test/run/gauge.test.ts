import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { gzipGauge } from '../../src/run/gauge.ts'

const measured = async (chunks: readonly Uint8Array[]): Promise<number> => {
  const gauge = gzipGauge()
  for (const chunk of chunks) await gauge.add(chunk)
  return gauge.end()
}

test('a stream measures about what gzip makes of it', async () => {
  const text = Buffer.from('usr/share/doc/libc6/copyright\n'.repeat(40_000))
  const parts = Array.from({ length: 8 }, () => [text, randomBytes(1_500_000)])
  const whole = Buffer.concat(parts.flat())
  const chunks = Array.from({ length: Math.ceil(whole.length / 65_536) }, (_, i) =>
    whole.subarray(i * 65_536, (i + 1) * 65_536),
  )
  const expected = gzipSync(whole).length
  const bytes = await measured(chunks)
  expect(bytes / expected).toBeGreaterThan(0.9)
  expect(bytes / expected).toBeLessThan(1.1)
})

test('a stream that is faster than gzip is held back', async () => {
  const gauge = gzipGauge()
  const chunk = randomBytes(1_000_000)
  let held = 0
  for (let i = 0; i < 400; i++) {
    const wait = gauge.add(chunk)
    if (wait !== undefined) held += 1
    await wait
  }
  expect(held).toBeGreaterThan(0)
  expect(await gauge.end()).toBeGreaterThan(400_000_000)
})

const BLOCK = 128_000

test('what is one block at most is measured whole', async () => {
  expect(await measured([])).toBe(0)
  for (const bytes of [Buffer.from('abc'), randomBytes(BLOCK)])
    expect(await measured([bytes])).toBe(gzipSync(bytes).length)
})

test('of eight blocks the first one stands for all', async () => {
  const [noise, zeros] = [randomBytes(BLOCK), Buffer.alloc(BLOCK)]
  const seven = (block: Buffer): Buffer[] => Array.from({ length: 7 }, () => block)
  const [much, little] = [gzipSync(noise).length, gzipSync(zeros).length]
  expect(await measured([noise, ...seven(zeros)])).toBe(much * 8)
  expect(await measured([zeros, ...seven(noise)])).toBe(little * 8)
  // The ninth is measured again, and a rest that is not counts by its size.
  const both = await measured([zeros, ...seven(noise), noise])
  expect(both).toBe(Math.round(((little + much) * 9) / 2))
  expect(await measured([zeros, noise.subarray(0, BLOCK / 2)])).toBe(Math.round(little * 1.5))
})
