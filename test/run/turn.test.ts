import { mkdirSync, readdirSync, writeFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { MINIMAL } from '../recorder/plays.ts'
import { eventsOf, openRecorder, runHere, stepsOf, type Recorder } from '../recorder/recorder.ts'
import type { Event } from '../../src/run/events.ts'
import { newRunId, runsHere } from '../../src/run/process/run-id.ts'
import type { Step } from '../../src/plan/types.ts'
import type { RunContext } from '../../src/run/context.ts'
import { takeTurn, type Turn } from '../../src/run/turn.ts'

const posix = test.skipIf(process.platform === 'win32')
const [machine] = newRunId().split('-')

const turns = ({ folder }: Recorder): string => join(folder, '.cache/create-base-image/turns')

/** The lock that a first run made, taken by another living process. */
const heldLock = async (recorder: Recorder): Promise<string> => {
  let path = ''
  const call = recorder.engine.call.bind(recorder.engine)
  recorder.engine.call = one => {
    if (one.argv[0] === 'commit') path = join(turns(recorder), readdirSync(turns(recorder))[0]!)
    return call(one)
  }
  await runHere(recorder, ['--yes'])
  for (const name of recorder.images())
    if (name.startsWith('create-base-image/')) recorder.engine.images.delete(name)
  rmSync(join(recorder.folder, 'hello'), { recursive: true })
  writeFileSync(path, `${machine}-${process.ppid}-00000001`)
  return path
}

const newRun = ['--yes', '--tag', 'second']
const plays = [...MINIMAL, { of: 'second', stdout: 'Hello from the second\n' }]

/** Does something when the run says that it waits for another; a clock would be wrong on a busy machine. */
const onceWaiting =
  (does: () => void) =>
  (event: Event): void => {
    if (event.type === 'output' && event.line.startsWith('Another run')) does()
  }

posix('a builder that another run makes just now is waited for, and taken', async () => {
  const recorder = openRecorder({ plays })
  const path = await heldLock(recorder)
  const compiler = recorder.asked('commit')[0]!.words[1]!
  const made = (): void => {
    recorder.engine.image(compiler)
    rmSync(path)
  }
  const ran = await runHere(recorder, newRun, { seen: onceWaiting(made) })
  expect(ran.end.exitCode).toBe(0)
  expect(recorder.asked('commit')).toHaveLength(1)
  expect(stepsOf(ran).skipped).toContain('compiler')
  const said = eventsOf(ran, 'output').map(({ line }) => line)
  expect(said).toContain(
    `Another run (process ${process.ppid}) is getting ${compiler}; waiting for it.`,
  )
})

posix('when the other run made none, this one does', async () => {
  const recorder = openRecorder({ plays })
  const path = await heldLock(recorder)
  const ran = await runHere(recorder, newRun, { seen: onceWaiting(() => rmSync(path)) })
  expect(stepsOf(ran).done).toContain('compiler')
  expect(readdirSync(turns(recorder))).toEqual([])
})

posix('a stop ends the waiting', async () => {
  const recorder = openRecorder({ plays })
  const path = await heldLock(recorder)
  const stop = new AbortController()
  const ran = await runHere(recorder, newRun, {
    signal: stop.signal,
    seen: onceWaiting(() => stop.abort('SIGINT')),
  })
  expect(ran.end.exitCode).toBe(130)
  expect(readdirSync(turns(recorder))).toEqual([path.split('/').at(-1)])
})

posix('the lock of a dead run is taken over', async () => {
  const recorder = openRecorder({ plays })
  writeFileSync(await heldLock(recorder), `${machine}-4194305-00000001`)
  const ran = await runHere(recorder, newRun)
  expect(stepsOf(ran).done).toContain('compiler')
})

posix('a builder that somebody made meanwhile elsewhere keeps its name', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const call = recorder.engine.call.bind(recorder.engine)
  let name = ''
  recorder.engine.call = async one => {
    if (one.argv[0] === 'image' && one.argv[4]?.startsWith('create-base-image/')) name = one.argv[4]
    const ended = await call(one)
    if (one.argv[0] === 'start' && name !== '') recorder.engine.image(name, { size: 77 })
    return ended
  }
  const ran = await runHere(recorder, ['--yes'])
  expect(ran.end.exitCode).toBe(0)
  expect(recorder.asked('commit')).toEqual([])
  expect(recorder.engine.images.get(name)!.size).toBe(77)
})

posix('where no lock can be kept, the run goes on without', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  mkdirSync(join(recorder.folder, '.cache'))
  writeFileSync(join(recorder.folder, '.cache/create-base-image'), 'a file in its place')
  expect((await runHere(recorder, ['--yes'])).end.exitCode).toBe(0)
})

const PULLS = {
  id: 'builder',
  pipeline: [{ kind: 'pull', client: 'docker', image: 'x', platform: null }],
}

/** Whether a run waits while another one of this process has its turn at this. */
const waits = async (one: object, other: object): Promise<boolean> => {
  const { folder } = openRecorder()
  const stop = new AbortController()
  const contextOf = (at: number, { step = PULLS, env = {}, client = 'docker' }: Turning) => {
    const runId = newRunId()
    runsHere(runId, true)
    onTestFinished(() => runsHere(runId, false))
    const context = {
      runId,
      signal: at === 0 ? new AbortController().signal : stop.signal,
      env: { HOME: folder, ...env },
      facts: { engine: { client } },
      values: new Map([['v', 'learnt']]),
      emit: async (events: readonly Event[]) => {
        if (events.length > 0) stop.abort('waited')
      },
    } as unknown as RunContext
    return takeTurn(step as Step, context)
  }
  const first = await contextOf(0, one)
  const second = await contextOf(1, other).catch((error: unknown) => error)
  first.release()
  if (second === 'waited') return true
  ;(second as Turn).release()
  return false
}

interface Turning {
  readonly step?: object
  readonly env?: NodeJS.ProcessEnv
  readonly client?: string
}

posix('runs take turns at one image of one engine, and at nothing else', async () => {
  const platform = (named: string | null) => ({
    step: { ...PULLS, pipeline: [{ ...PULLS.pipeline[0], platform: named }] },
  })
  const keeps = (image: unknown) => ({
    step: { id: 'b', pipeline: [{ kind: 'container', keepAs: { image, changes: [] } }] },
  })
  expect(await waits({}, {})).toBe(true)
  expect(await waits(platform('linux/arm64'), platform('linux/arm64'))).toBe(true)
  expect(await waits(keeps('b:1'), keeps('b:1'))).toBe(true)
  expect(await waits(keeps('b:learnt'), keeps({ stem: 'b:', learnt: 'v', plain: '' }))).toBe(true)
  for (const other of [
    { env: { DOCKER_HOST: 'tcp://elsewhere' } },
    { env: { DOCKER_CONTEXT: 'elsewhere' } },
    { client: 'podman' },
    platform('linux/arm64'),
    keeps('b:1'),
  ])
    expect(await waits({}, other), JSON.stringify(other)).toBe(false)
  const nothing = { step: { id: 'c', pipeline: [{ kind: 'container' }] } }
  expect(await waits(nothing, nothing)).toBe(false)
})
