import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Event } from '../../src/run/events.ts'
import { journeyAnswers, replay, runWithStandIn, type Replayed } from './stand-in.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'stand-in-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const of = <T extends Event['type']>({ events }: Replayed, type: T) =>
  events.filter((event): event is Extract<Event, { type: T }> => event.type === type)

const run = (transcript: string, buildx: string | null): Promise<Replayed> =>
  runWithStandIn(folder, journeyAnswers(replay('build', transcript), buildx), [
    '--yes',
    '--program',
    'raw:hi',
  ])

const buildCall = ({ asked }: Replayed) => asked.find(({ argv }) => argv[0] === 'build')!

const linux = test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')

linux.each([
  ['build-rawjson-engine28-buildx0.29', '0.29.1', ['--progress', 'rawjson'], '1'],
  ['build-plain-engine28-buildx0.29', '0.12.0', ['--progress', 'plain'], '1'],
  ['build-legacy-engine28-cli28.2', null, ['--force-rm'], '0'],
])(
  '%s is read to its end, asked for in its own way',
  async (transcript, buildx, harness, buildkit) => {
    const replayed = await run(transcript, buildx)
    expect(replayed.code).toBe(0)
    expect(buildCall(replayed)).toEqual({
      argv: ['build', ...harness, '--tag', 'hello', '.'],
      env: { DOCKER_BUILDKIT: buildkit },
    })
    expect(
      of(replayed, 'progress')
        .filter(({ step }) => step === 'build')
        .at(-1)?.fraction,
    ).toBe(1)
    expect(of(replayed, 'outcome')[0]).toMatchObject({
      printed: 'Hello from the stand-in\n',
      proven: true,
    })
  },
)

linux.each([
  ['build-fail-rawjson-engine28-buildx0.29', '0.29.1', 1],
  ['build-fail-plain-engine28-buildx0.29', '0.12.0', 1],
  ['build-fail-legacy-cli20.10', null, 3],
])('%s fails with the tail of the error', async (transcript, buildx, exitCode) => {
  const replayed = await run(transcript, buildx)
  const [failed] = of(replayed, 'step-failed')
  expect([replayed.code, failed?.step, failed?.exitCode]).toEqual([1, 'build', exitCode])
  expect(failed?.lastLines.join('\n')).toMatch(/exit code: 3|non-zero code: 3/)
})

linux(
  'a full disk of the engine is told with a remedy, and as something the machine lacks',
  async () => {
    const replayed = await run('err-nospace-build-run-engine28', '0.29.1')
    expect(of(replayed, 'step-failed')[0]?.remedy).toMatchObject({ code: 'no-space', lacks: true })
    expect(replayed.code).toBe(3)
  },
)
