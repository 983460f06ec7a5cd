import { expect, test } from 'vitest'
import { pullApiReader } from '../../../src/run/progress/pull-api.ts'
import { readTranscript } from '../../fixtures/transcript.ts'
import { out, replay } from './replay.ts'

const read = (name: string) => replay(pullApiReader(), readTranscript(name).chunks)
const value = (object: unknown) => out(`${JSON.stringify(object)}\r\n`)
const layer = (id: string, status: string, current?: number, total?: number) =>
  value({ id, status, progressDetail: { current, total } })

test('the log lines are those of docker pull', () => {
  expect(read('pull-api-stream-engine28-containerd-store').lines.slice(0, 4)).toEqual([
    '1: Pulling from cbi/multi',
    '0713aff168b9: Pulling fs layer',
    'cd97bb23dc56: Pulling fs layer',
    '697de1a1e98b: Pulling fs layer',
  ])
  expect(read('pull-api-stream-engine20.10').lines.slice(-2)).toEqual([
    'Digest: sha256:a4f7ebe3c7f7e21e9b5883adcdd6d28890dc57d190bf5647284f8d6d5fab2e27',
    'Status: Downloaded newer image for 127.0.0.1:5056/cbi/multi:1',
  ])
})

test.each([
  ['pull-api-stream-engine20.10', 30_009_358 + 12_003_851 + 300_284 + 109 + 45_013_922],
  // The first size of one small layer was not told.
  [
    'pull-api-stream-engine28-containerd-store',
    45_013_922 + 59_238_476 + 30_009_358 + 12_003_851 + 109,
  ],
  ['podman4-api-pull', 45_013_922 + 12_003_851 + 30_009_358],
  ['podman5-api-pull', 45_013_922 + 12_003_851 + 30_009_358],
])('%s ends complete, with every byte told of', (name, total) => {
  expect(read(name).last).toEqual({ fraction: 1, done: total, total, unit: 'bytes' })
})

test('bytes of the layers add up, and a layer of unknown size holds the fraction back', () => {
  const { progress } = replay(pullApiReader(), [
    layer('aaaaaaaaaaaa', 'Pulling fs layer'),
    layer('bbbbbbbbbbbb', 'Pulling fs layer'),
    layer('aaaaaaaaaaaa', 'Downloading', 30, 100),
    layer('bbbbbbbbbbbb', 'Downloading', 50, 100),
    layer('aaaaaaaaaaaa', 'Download complete'),
    layer('aaaaaaaaaaaa', 'Extracting', 50, 100),
  ])
  const text = 'Downloading, 0 of 2 layers done'
  expect(progress.slice(2)).toEqual([
    { fraction: 0, done: 30, total: 100, unit: 'bytes', text },
    { fraction: 0.32, done: 80, total: 200, unit: 'bytes', text },
    { fraction: 0.6, done: 150, total: 200, unit: 'bytes', text },
    { fraction: 0.65, done: 150, total: 200, unit: 'bytes', text },
  ])
})

test('seconds of an extraction are not taken for bytes', () => {
  const { last } = replay(pullApiReader(), [
    layer('aaaaaaaaaaaa', 'Downloading', 100, 100),
    value({
      id: 'aaaaaaaaaaaa',
      status: 'Extracting',
      progressDetail: { current: 3, total: 4, units: 's' },
    }),
  ])
  expect(last).toMatchObject({ fraction: 0.8, done: 100, total: 100 })
})

test('an error in the stream becomes a line and the failure', () => {
  const reader = pullApiReader()
  expect(reader.failure()).toBeNull()
  const { lines, last } = replay(reader, [
    layer('aaaaaaaaaaaa', 'Download complete'),
    value({
      errorDetail: { message: 'no space left\non device' },
      error: 'no space left\non device',
    }),
  ])
  expect(lines.slice(-2)).toEqual(['error: no space left', 'on device'])
  expect(reader.failure()).toBe('no space left\non device')
  expect(last?.fraction).toBe(0)
})

test('the answer of an engine that refuses is a failure too', () => {
  const reader = pullApiReader()
  replay(reader, [value({ message: 'manifest unknown' })])
  expect(reader.failure()).toBe('manifest unknown')
})

test('text that is not JSON is not lost', () => {
  expect(replay(pullApiReader(), [out('<html>portal</html>')]).lines).toEqual([
    '<html>portal</html>',
  ])
})
