import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FULL, MINIMAL } from '../../recorder/plays.ts'
import {
  eventsOf,
  openRecorder,
  runHere,
  stepsOf,
  type Play,
  type Ran,
  type Recorder,
} from '../../recorder/recorder.ts'
import { newRunId } from '../../../src/run/process/run-id.ts'

const posix = test.skipIf(process.platform === 'win32')
const BOOKWORM = '--kind full --release bookworm --bootstrap container --yes'.split(' ')
const REGISTRY = { 'debian:bookworm-slim': {} }

/** The plays with one that stays until it is ended. */
const hanging = (plays: readonly Play[], of: string, start?: number): Play[] =>
  plays.map(play => (play.of === of && play.start === start ? { ...play, hangs: true } : play))

/** Runs until a step has begun and its container works, then stops as this signal would. */
const stopped = (
  recorder: Recorder,
  argv: readonly string[],
  step: string,
  signal: string,
): Promise<Ran> => {
  const stop = new AbortController()
  return runHere(recorder, argv, {
    signal: stop.signal,
    seen: event => {
      if (event.type === 'step-started' && event.step === step)
        setTimeout(() => stop.abort(signal), 30)
    },
  })
}

const [machine] = newRunId().split('-')
const LIVING = `${machine}-${process.ppid}-00000001`
const DEAD = `${machine}-4194305-00000002`
const ELSEWHERE = '00000000-1-00000003'

posix('Ctrl-C leaves no container and no folder that the run made', async () => {
  const recorder = openRecorder({ plays: hanging(MINIMAL, '-static') })
  const ran = await stopped(recorder, ['--yes'], 'compile', 'SIGINT')
  expect(ran.end.exitCode).toBe(130)
  expect(recorder.containers()).toEqual([])
  // The user's cache is nobody's project.
  expect(readdirSync(recorder.folder).filter(name => name !== '.cache')).toEqual([])
  expect(eventsOf(ran, 'stopped')).toEqual([
    { type: 'stopped', signal: 'SIGINT', clean: false },
    { type: 'stopped', signal: 'SIGINT', clean: true },
  ])
})

posix('Ctrl-C leaves an empty folder that was there before empty, and there', async () => {
  const recorder = openRecorder({ plays: hanging(MINIMAL, '-static') })
  mkdirSync(join(recorder.folder, 'hello'))
  await stopped(recorder, ['--yes'], 'compile', 'SIGINT')
  expect(readdirSync(join(recorder.folder, 'hello'))).toEqual([])
})

posix('Ctrl-C leaves the folder of an earlier run, with what the person put in it', async () => {
  const recorder = openRecorder({ plays: MINIMAL, faults: [{ to: 'build .', exitCode: 1 }] })
  expect((await runHere(recorder, ['--yes'])).end.exitCode).toBe(1)
  const project = join(recorder.folder, 'hello')
  writeFileSync(join(project, 'mine.txt'), 'mine')
  recorder.engine.script = { plays: hanging(MINIMAL, 'hello') }
  const ran = await stopped(recorder, ['--yes'], 'run', 'SIGINT')
  expect(stepsOf(ran).skipped).toContain('compile')
  expect(readdirSync(project)).toEqual(expect.arrayContaining(['mine.txt', 'hello', 'Dockerfile']))
  expect(existsSync(join(project, '.create-base-image/lock'))).toBe(false)
})

posix.each(['SIGTERM', 'SIGHUP'])(
  '%s keeps the folder, and the same command goes on',
  async name => {
    const recorder = openRecorder({ plays: hanging(MINIMAL, 'hello') })
    const ran = await stopped(recorder, ['--yes'], 'run', name)
    expect(ran.end.exitCode).toBe(name === 'SIGTERM' ? 143 : 129)
    expect(recorder.containers()).toEqual([])
    recorder.engine.script = { plays: MINIMAL }
    const again = await runHere(recorder, ['--yes'])
    expect(again.end.exitCode).toBe(0)
    expect(stepsOf(again).skipped).toEqual(['builder', 'compiler', 'compile'])
  },
)

posix('a stop while the engine makes the container removes what comes of it', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const stop = new AbortController()
  const create = recorder.engine.call.bind(recorder.engine)
  recorder.engine.call = async call => {
    const made = await create(call)
    if (call.argv[0] === 'create') stop.abort('SIGINT')
    return made
  }
  const ran = await runHere(recorder, ['--yes'], { signal: stop.signal })
  expect(ran.end.exitCode).toBe(130)
  expect(recorder.containers()).toEqual([])
})

posix('a stop in the import leaves no container and no image without a proof', async () => {
  const recorder = openRecorder({ plays: hanging(FULL, '--suite bookworm', 1), registry: REGISTRY })
  const ran = await stopped(recorder, BOOKWORM, 'import', 'SIGTERM')
  expect(ran.end.exitCode).toBe(143)
  expect(recorder.containers()).toEqual([])
  expect(recorder.images().filter(name => name.includes('unproven'))).toEqual([])
})

posix('a container that does not go is told', async () => {
  const faults = [{ to: 'rm', exitCode: 1, stderr: 'device or resource busy' }]
  const recorder = openRecorder({ plays: MINIMAL, faults })
  const ran = await runHere(recorder, ['--yes'])
  expect(ran.end.exitCode).toBe(0)
  expect(ran.events.at(-1)).toMatchObject({ type: 'leftovers', containersRemain: true })
})

posix('a run sweeps the containers of dead runs, and of no other', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  recorder.left('1', LIVING, 'running')
  recorder.left('2', DEAD, 'running')
  recorder.left('3', ELSEWHERE)
  await runHere(recorder, ['--yes'])
  expect(recorder.containers().map(({ id }) => id)).toEqual(['1', '3'])
})

posix('a run sweeps the unproven images of dead runs, and of no other', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  for (const run of [LIVING, DEAD, ELSEWHERE])
    recorder.engine.image(`create-base-image/unproven:${run}`)
  await runHere(recorder, ['--yes'])
  const left = recorder.images().filter(name => name.includes('unproven'))
  expect(left).toEqual([LIVING, ELSEWHERE].map(run => `create-base-image/unproven:${run}`))
})

posix('a kept builder does not carry the label of the run that made it', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  await runHere(recorder, ['--yes'])
  const [builder] = recorder.asked('commit')
  const kept = recorder.engine.images.get(builder!.words[1]!)!
  expect(kept.labels).toMatchObject({
    'create-base-image': '',
    'create-base-image.role': 'compiler',
  })
})

posix(
  'a container that stayed for a later step goes by itself when that fails, and none is looked for',
  async () => {
    const faults = [{ to: 'import', exitCode: 1, stderr: 'no' }]
    const recorder = openRecorder({ plays: FULL, registry: REGISTRY, faults })
    const ran = await runHere(recorder, BOOKWORM)
    expect(stepsOf(ran).failed).toEqual(['import'])
    expect(recorder.containers()).toEqual([])
    const looks = recorder.asked('ps').map(({ options }) => options['--filter'])
    expect(looks).toEqual([['label=create-base-image']])
  },
)
