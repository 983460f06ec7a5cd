import { expect, test } from 'vitest'
import { pullReader } from '../../../src/run/progress/pull.ts'
import { readTranscript } from '../../fixtures/transcript.ts'
import { err, out, replay } from './replay.ts'

const read = (name: string) => replay(pullReader(), readTranscript(name).chunks)

test.each([
  ['pull-nontty-cli28.2', 6],
  ['pull-nontty-engine28-containerd-store', 6],
  ['pull-nontty-engine28-overlay2', 6],
  ['podman4-docker-cli-pull', 7],
  ['podman4-pull', 6],
  ['podman5-pull', 6],
])('%s ends with all of its %i layers done', (name, layers) => {
  expect(read(name).last).toEqual({ fraction: 1, done: layers, total: layers, unit: 'layers' })
})

test.each(['pull-uptodate', 'pull-quiet'])('%s has no layers and is complete', name => {
  expect(read(name).last).toEqual({ fraction: 1 })
})

test('a layer that was there before counts as done but not as progress', () => {
  expect(read('pull-nontty-cli28.2').progress.slice(0, 2)).toEqual([
    { done: 1, total: 1, unit: 'layers' },
    { fraction: 0, done: 1, total: 2, unit: 'layers', text: 'Downloading' },
  ])
})

test('a layer is downloaded first and extracted then', () => {
  const { progress } = replay(pullReader(), [
    out('aaaaaaaaaaaa: Pulling fs layer\n'),
    out('aaaaaaaaaaaa: Download complete\n'),
    out('aaaaaaaaaaaa: Pull complete\n'),
  ])
  expect(progress).toEqual([
    { fraction: 0, done: 0, total: 1, unit: 'layers', text: 'Downloading' },
    { fraction: 0.8, done: 0, total: 1, unit: 'layers', text: 'Extracting' },
    { fraction: 1, done: 1, total: 1, unit: 'layers' },
  ])
})

test('a failed pull keeps its error and is not complete', () => {
  const { lines, last } = replay(pullReader(), [
    out('aaaaaaaaaaaa: Pulling fs layer\n'),
    err('error pulling image configuration: no space left on device\n'),
  ])
  expect(lines.at(-1)).toBe('error pulling image configuration: no space left on device')
  expect(last?.fraction).toBe(0)
})

test.each([
  ['podman4-err-pull-no-match', 'no image found in manifest list'],
  ['podman5-err-pull-no-match', 'no image found in manifest list'],
  ['err-pull-429', 'toomanyrequests'],
  ['err-pull-dns', 'no such host'],
])('%s ends with its error and no progress', (name, error) => {
  const { lines, last } = read(name)
  expect(lines.at(-1)).toContain(error)
  expect(last).toBeNull()
})
