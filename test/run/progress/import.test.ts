import { expect, test } from 'vitest'
import { importReader } from '../../../src/run/progress/import.ts'
import type { Progress, Reader, Reading } from '../../../src/run/progress/reader.ts'
import { readTranscript } from '../../fixtures/transcript.ts'
import { byteByByte, err, mutated, out, randomCuts, replay, seeded } from './replay.ts'
import type { Piece } from './replay.ts'

const ID = `sha256:${'a1'.repeat(32)}`
const MB = 1_000_000

/** A reader whose clock a test moves, in milliseconds. */
const clocked = () => {
  let time = 0
  const reader = importReader(() => time)
  const feed = (piece: Piece): Reading[] => reader.read(piece.bytes, piece.source)
  const pass = (bytes: number, milliseconds: number): Progress | null => {
    time += milliseconds
    return lastOf(reader.passed?.(bytes) ?? [])
  }
  return { reader, feed, pass }
}

const lastOf = (readings: readonly Reading[]): Progress | null => {
  const last = readings.at(-1)
  return last?.kind === 'progress' ? last.progress : null
}

const linesOf = (readings: readonly Reading[]): string[] =>
  readings.flatMap(reading => (reading.kind === 'line' ? [reading.text] : []))

const announcedBy = (reader: Reader): number | null | undefined => reader.announced?.()

test('bytes that were handed over, of those announced, and the rate', () => {
  const { reader, feed, pass } = clocked()
  expect(announcedBy(reader)).toBeNull()
  const said = feed(err('S: 100000000\n'))
  expect(linesOf(said)).toEqual(['The tar will have 100 MB.'])
  expect(lastOf(said)).toEqual({ fraction: 0, done: 0, total: 100 * MB, unit: 'bytes' })
  expect(announcedBy(reader)).toBe(100 * MB)
  expect(pass(0, 0)).toBeNull()
  expect(pass(10 * MB, 500)).toEqual({
    fraction: 0.09,
    done: 10 * MB,
    total: 100 * MB,
    unit: 'bytes',
  })
  expect(pass(21 * MB, 500)).toMatchObject({ fraction: 0.279, done: 31 * MB, text: '31.0 MB/s' })
})

test('the rate is that of the last seconds, and a pause counts', () => {
  const { feed, pass } = clocked()
  feed(err('S: 1000000000\n'))
  pass(0, 0)
  for (let second = 0; second < 10; second += 1) pass(50 * MB, 1000)
  expect(pass(0, 1)).toBeNull()
  let last: Progress | null = null
  for (let second = 0; second < 10; second += 1) last = pass(2 * MB, 1000)
  expect(last?.text).toBe('2.0 MB/s')
  expect(pass(0, 10_000)?.text).toBe('waiting for more')
  expect(pass(30 * MB, 5000)?.text).toBe('6.0 MB/s')
  expect(pass(30 * MB, 15_000)?.text).toBe('2.0 MB/s')
})

test('after the last byte the engine is at work, and only its answer completes the bar', () => {
  const { reader, feed, pass } = clocked()
  feed(err('S: 1000\n'))
  pass(999, 10)
  expect(pass(1, 1)).toEqual({
    fraction: 0.9,
    done: 1000,
    total: 1000,
    unit: 'bytes',
    text: 'the engine unpacks it',
  })
  expect(linesOf(feed(out(`${ID}\n`)))).toEqual([ID])
  expect(lastOf(reader.end())).toEqual({ fraction: 1, done: 1000, total: 1000, unit: 'bytes' })
})

test.each([
  ['without an answer', 1000, ''],
  ['when bytes are missing', 999, ID],
  ['when there are too many', 1001, ID],
])('%s the bar stays below the end', (_, bytes, answer) => {
  const { reader, feed, pass } = clocked()
  feed(err('S: 1000\n'))
  const told = pass(bytes, 200)
  feed(out(answer))
  const last = lastOf(reader.end()) ?? told
  expect(last?.fraction).toBeLessThanOrEqual(0.9)
  expect(last?.total).toBe(Math.max(1000, bytes))
  expect(last?.text === 'the engine unpacks it').toBe(bytes === 1000)
})

test('without an announcement bytes are counted, and no fraction is made up', () => {
  const { reader, feed, pass } = clocked()
  expect(pass(5000, 200)).toEqual({ done: 5000, unit: 'bytes' })
  expect(lastOf(feed(out(`${ID}\n`)))).toBeNull()
  reader.end()
  expect(announcedBy(reader)).toBeNull()
})

test('it tells at most ten times a second', () => {
  const { feed, pass } = clocked()
  feed(err('S: 100000\n'))
  const told = Array.from({ length: 1000 }, () => pass(10, 1)).filter(Boolean)
  expect(told.length).toBeGreaterThan(5)
  expect(told.length).toBeLessThanOrEqual(10)
})

test('numbers that are none do not count', () => {
  const { reader, feed, pass } = clocked()
  expect(linesOf(feed(err('S: -5\r\nS: 12 MB\nS: 1234567890123456\n')))).toEqual([
    'S: -5',
    'S: 12 MB',
    'S: 1234567890123456',
  ])
  expect(linesOf(feed(out('S: 7\n')))).toEqual(['S: 7'])
  expect(announcedBy(reader)).toBeNull()
  for (const bytes of [-1, NaN, Infinity]) pass(bytes, 200)
  expect(pass(3, 200)).toMatchObject({ done: 3 })
  feed(err('S: 0\n'))
  expect(announcedBy(reader)).toBe(0)
  expect(pass(4, 200)).toMatchObject({ done: 7, total: 7 })
})

test('what the script says of itself is shown, and an error is a log line', () => {
  const { feed } = clocked()
  expect(feed(err('T: counting the bytes\nZ: 5000 docs removed\nE: no space\n'))).toEqual([
    { kind: 'line', text: 'counting the bytes' },
    { kind: 'line', text: '5.0 kB after: docs removed' },
    { kind: 'size', bytes: 5000, after: 'docs removed' },
    { kind: 'line', text: 'E: no space' },
    { kind: 'progress', progress: { text: 'counting the bytes' } },
  ])
})

test('what engines print is logged: Docker an ID, Podman more', () => {
  const docker = readTranscript('import-stdin-nontty').chunks
  expect(replay(importReader(), docker).lines.at(-1)).toMatch(/^sha256:[0-9a-f]{64}$/)
  for (const name of ['podman4-import', 'podman5-import']) {
    const { lines } = replay(importReader(), readTranscript(name).chunks)
    expect(lines[0]).toBe('Getting image source signatures')
    expect(lines.at(-1)).toMatch(/^sha256:[0-9a-f]{64}$/)
  }
})

test('it reads the same wherever it is cut, and nothing breaks it', () => {
  const pieces = [
    err('T: counting\r\nS: 4242\n'),
    ...readTranscript('podman4-import').chunks,
    ...readTranscript('debootstrap-di-pipeline').chunks.slice(-5),
  ]
  const wanted = replay(importReader(), pieces)
  const random = seeded(3)
  for (const cut of [byteByByte(pieces), randomCuts(pieces, random), randomCuts(pieces, random)]) {
    const got = replay(importReader(), cut)
    expect(got.lines).toEqual(wanted.lines)
    expect(got.last).toEqual(wanted.last)
  }
  for (let seed = 0; seed < 50; seed += 1) {
    const { progress } = replay(importReader(), mutated(pieces, seeded(seed)))
    expect(progress.filter(({ fraction = 0 }) => !(fraction >= 0 && fraction <= 0.9))).toEqual([])
  }
})

test('100,000 chunks and lines do not stall it', () => {
  const reader = importReader()
  const began = performance.now()
  const line = err('Copying blob\n')
  for (let index = 0; index < 100_000; index += 1) {
    reader.passed?.(65_536)
    reader.read(line.bytes, line.source)
  }
  expect(performance.now() - began).toBeLessThan(20_000)
})
