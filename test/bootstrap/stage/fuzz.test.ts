import { expect, test } from 'vitest'
import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { arMembers } from '../../../src/bootstrap/stage/ar.ts'
import { readDeb } from '../../../src/bootstrap/stage/deb.ts'
import { decompress } from '../../../src/bootstrap/stage/decompress.ts'
import type { Ending } from '../../../src/bootstrap/stage/decompress.ts'
import { TarProblem } from '../../../src/tar/problem.ts'
import { drain, metered } from '../../../src/tar/streams.ts'
import { inPieces, madeAr, madeDeb, madeTar } from './made-deb.ts'
import { XZ, ZSTD } from './samples.ts'

const TIMES = Number(process.env['FUZZ_TIMES'] ?? 10_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? 11)

/** A small generator whose numbers depend on its seed alone (mulberry32). */
const numbers = (seed: number): ((below: number) => number) => {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Nine times of ten the first `kept` bytes stay: a damaged magic is refused at once, and a large window takes its time. */
const mutated = (bytes: Buffer, next: (below: number) => number, kept: number): Buffer => {
  const copy = Buffer.from(bytes)
  for (let changes = 1 + next(4); changes > 0; changes--) {
    const at = next(copy.length)
    const kind = next(4)
    if (kind === 0) copy[at] = next(256)
    else if (kind === 1) copy[at] = (copy[at] ?? 0) ^ (1 << next(8))
    else if (kind === 2) copy.fill(next(2) * 255, at, Math.min(copy.length, at + next(16)))
    else copy.copy(copy, at, next(copy.length), copy.length)
  }
  if (next(10) > 0) bytes.copy(copy, 0, 0, kept)
  return next(4) === 0 ? copy.subarray(0, next(copy.length + 1)) : copy
}

const MOST = 4e6

/** Runs `read` on mutations of samples: it must end, in bounded memory, well or by an error that it knows. */
const fuzz = async (
  samples: readonly Buffer[],
  read: (bytes: Buffer, piece: number) => Promise<unknown>,
  kept = 0,
): Promise<number> => {
  const next = numbers(SEED)
  const before = process.memoryUsage().rss
  let refused = 0
  for (let n = 0; n < TIMES; n++) {
    const bytes = mutated(samples[n % samples.length] ?? Buffer.alloc(1), next, kept)
    const known = await read(bytes, 1 + next(2000)).then(
      () => true,
      (error: unknown) => {
        refused++
        return error instanceof TarProblem || error instanceof BootstrapError ? true : error
      },
    )
    expect(known, `input ${n} of seed ${SEED}: ${bytes.toString('base64')}`).toBe(true)
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(400e6)
  return refused
}

const bounded = (bytes: Buffer, piece: number, ending: Ending): Promise<void> =>
  drain(metered(decompress(inPieces(bytes, piece), ending), { remaining: MOST }))

const PLAIN = madeTar([{ path: './' }, { path: './usr/hello', body: 'hello' }])
const CONTROL = madeTar([{ path: './control', body: 'Package: hello\n' }])
const plainDeb = madeAr([
  ['debian-binary', Buffer.from('2.0\n')],
  ['control.tar', CONTROL],
  ['data.tar', PLAIN],
])

test(`${TIMES} damaged ar archives`, async () => {
  const read = async (bytes: Buffer, piece: number): Promise<void> => {
    for await (const member of arMembers(inPieces(bytes, piece))) await drain(member.body)
  }
  expect(await fuzz([plainDeb], read)).toBeGreaterThan(0)
}, 120_000)

test(`${TIMES} damaged packages`, async () => {
  const samples = [plainDeb, madeDeb({ data: [{ path: './a', body: 'a' }] })]
  const read = (bytes: Buffer, piece: number): Promise<void> =>
    readDeb(
      inPieces(bytes, piece),
      { what: 'hello 1.0', mostBytes: MOST },
      { control: () => undefined, entry: entry => drain(entry.body) },
    )
  expect(await fuzz(samples, read)).toBeGreaterThan(TIMES / 10)
}, 240_000)

test(`${TIMES} damaged xz streams`, async () => {
  const refused = await fuzz([XZ], (bytes, piece) => bounded(bytes, piece, '.xz'), 24)
  expect(refused).toBeGreaterThan(TIMES / 2)
}, 240_000)

test(`${TIMES} damaged zstd streams`, async () => {
  const refused = await fuzz([ZSTD], (bytes, piece) => bounded(bytes, piece, '.zst'), 6)
  expect(refused).toBeGreaterThan(TIMES / 10)
}, 240_000)
