import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { NAMED, STAGE } from './container-stage.ts'
import { openRecorder, type Recorder, type Script } from '../../recorder/recorder.ts'
import type { ContainerStage } from '../../../src/plan/types.ts'
import { forget, namesOf } from '../../../src/run/clean-up/alive.ts'
import {
  CreateError,
  startContainer,
  type ContainerContext,
} from '../../../src/run/stages/container.ts'

const posix = test.skipIf(process.platform === 'win32')

interface Opened {
  readonly recorder: Recorder
  readonly context: ContainerContext
  readonly settled: () => Promise<unknown>
}

const open = (script: Script, signal = new AbortController().signal): Opened => {
  const recorder = openRecorder(script)
  const work: Promise<unknown>[] = []
  const context: ContainerContext = {
    cwd: recorder.folder,
    env: recorder.env,
    ...NAMED,
    signal,
    later: one => work.push(one),
    keptContainers: new Map(),
    step: 'own-step',
  }
  return { recorder, context, settled: () => Promise.all(work) }
}

const drained = async (stage: ContainerStage, context: ContainerContext) => {
  const running = await startContainer(stage, context)
  running.stdout.resume()
  running.stderr.resume()
  return running
}

const WORKS = { of: 'work hard', stdout: 'done\n' }

posix('one that has ended is removed, and nobody remembers it', async () => {
  const { recorder, context, settled } = open({ plays: [WORKS] })
  const running = await drained(STAGE, context)
  expect(running.name).toBe('docker run ubuntu:20.04')
  expect(running.stdin).toBeNull()
  expect(await running.ended).toEqual({ exitCode: 0, note: null })
  await settled()
  expect(recorder.containers()).toEqual([])
  expect(namesOf('container', 'run-1')).toEqual([])
})

posix('an engine that makes none is told in its words', async () => {
  const { recorder, context } = open({ faults: [{ to: 'create', exitCode: 9, stderr: 'no\nway' }] })
  const failed = await startContainer(STAGE, context).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(CreateError)
  expect(failed).toMatchObject({
    message: 'The engine did not make the container.',
    exitCode: 9,
    text: 'no\nway',
  })
  expect(recorder.containers()).toEqual([])
  // It answered, so that none can come of it.
  expect(namesOf('container', 'run-1')).toEqual([])
})

posix('a client that says no ID has made none', async () => {
  const { context } = open({ faults: [{ to: 'create', stdout: 'ok\n' }] })
  await expect(startContainer(STAGE, context)).rejects.toBeInstanceOf(CreateError)
})

const COPIES = [
  { file: 'a', to: '/a' },
  { file: 'b', to: '/b' },
]

posix('files are put in before it starts, and where that fails it goes', async () => {
  const well = open({ plays: [WORKS] })
  await (
    await drained({ ...STAGE, copies: COPIES }, well.context)
  ).ended
  await well.settled()
  expect(well.recorder.asked().map(({ command }) => command)).toEqual(
    expect.arrayContaining(['create', 'cp', 'cp', 'start']),
  )
  const [first, second] = well.recorder.asked('cp')
  expect([first!.words[0], second!.words[0]]).toEqual(['a', 'b'])
  expect(first!.words[1]).toMatch(/^[0-9a-f]{64}:\/a$/)
  const { recorder, context } = open({ faults: [{ to: 'cp b', exitCode: 1, stderr: 'no b' }] })
  await expect(startContainer({ ...STAGE, copies: COPIES }, context)).rejects.toMatchObject({
    exitCode: 1,
    text: 'no b',
  })
  expect(recorder.containers()).toEqual([])
  expect(recorder.asked('start')).toEqual([])
})

posix('one that stays is kept for its step alone when it ended well', async () => {
  const stage: ContainerStage = { ...STAGE, keptForLater: true }
  const well = open({ plays: [WORKS] })
  await (
    await drained(stage, well.context)
  ).ended
  await well.settled()
  const [kept] = well.recorder.containers()
  expect([...well.context.keptContainers]).toEqual([['own-step', kept!.id]])
  const ill = open({ plays: [{ ...WORKS, exitCode: 1 }] })
  expect((await (await drained(stage, ill.context)).ended).exitCode).toBe(1)
  await ill.settled()
  expect(ill.recorder.containers()).toEqual([])
  expect(ill.context.keptContainers.size).toBe(0)
})

const RESTARTS: ContainerStage = { ...STAGE, restarts: 'earlier' }

posix(
  'one of an earlier step is started again and stays; without it there is nothing to start',
  async () => {
    const { recorder, context, settled } = open({ plays: [WORKS, { ...WORKS, start: 1 }] })
    await expect(startContainer(RESTARTS, context)).rejects.toMatchObject({
      text: 'The container of an earlier step is gone.',
    })
    await (
      await drained({ ...STAGE, keptForLater: true }, context)
    ).ended
    context.keptContainers.set('earlier', context.keptContainers.get('own-step')!)
    expect(await (await drained(RESTARTS, context)).ended).toEqual({ exitCode: 0, note: null })
    await settled()
    expect(recorder.asked('create')).toHaveLength(1)
    expect(recorder.containers()).toHaveLength(1)
  },
)

posix('one that is ended goes, but what an earlier step left stays for another try', async () => {
  const stop = new AbortController()
  const plays = [WORKS, { ...WORKS, start: 1, hangs: true }, { ...WORKS, start: 2, hangs: true }]
  const { recorder, context } = open({ plays }, stop.signal)
  await (
    await drained({ ...STAGE, keptForLater: true }, context)
  ).ended
  const id = context.keptContainers.get('own-step')!
  context.keptContainers.set('earlier', id)
  const first = await drained(RESTARTS, context)
  await first.kill()
  expect((await first.ended).exitCode).not.toBe(0)
  expect(recorder.asked('kill').map(({ words }) => words)).toEqual([[id]])
  expect(recorder.containers()).toHaveLength(1)
  expect(context.keptContainers.get('earlier')).toBe(id)
  // Once the run is stopped, nothing of it is wanted.
  const last = await drained(RESTARTS, context)
  stop.abort('SIGINT')
  await last.kill()
  await last.ended
  expect(recorder.containers()).toEqual([])
  expect(context.keptContainers.has('earlier')).toBe(false)
})

const KEEPS: ContainerStage = { ...STAGE, keepAs: { image: 'kept:1', changes: [] } }

posix(
  'what it became is kept under its name, unless somebody has made that meanwhile',
  async () => {
    const { recorder, context, settled } = open({ plays: [WORKS] })
    expect(await (await drained(KEEPS, context)).ended).toEqual({ exitCode: 0, note: null })
    await settled()
    expect(recorder.images()).toContain('kept:1')
    const there = open({ plays: [WORKS] })
    const { id } = there.recorder.engine.image('kept:1')
    await (
      await drained(KEEPS, there.context)
    ).ended
    await there.settled()
    expect(there.recorder.asked('commit')).toEqual([])
    expect(there.recorder.engine.images.get('kept:1')!.id).toBe(id)
    const ill = open({ plays: [{ ...WORKS, exitCode: 1 }] })
    await (
      await drained(KEEPS, ill.context)
    ).ended
    await ill.settled()
    expect(ill.recorder.asked('commit')).toEqual([])
  },
)

posix('what could not be kept fails in the words of the engine', async () => {
  const { context } = open({
    plays: [WORKS],
    faults: [{ to: 'commit', exitCode: 1, stderr: 'no space left\n' }],
  })
  expect(await (await drained(KEEPS, context)).ended).toEqual({
    exitCode: 1,
    note: 'docker commit: no space left',
  })
})

const LOST = 'the connection to the container was lost'

posix.each<[string, Script, object]>([
  [
    'ended by the kernel',
    { plays: [{ ...WORKS, exitCode: 137, oom: true }] },
    { exitCode: 137, note: 'the kernel ended it because memory ran out' },
  ],
  [
    'still running while its client says 0',
    { plays: [WORKS], faults: [{ to: 'inspect', stdout: 'running 0 false\n' }] },
    { exitCode: null, note: LOST },
  ],
  [
    'unknown to the engine, though its client says 3',
    { plays: [{ ...WORKS, exitCode: 3 }], faults: [{ to: 'inspect', exitCode: 1 }] },
    { exitCode: 3, note: LOST },
  ],
  [
    'never started',
    {
      plays: [{ ...WORKS, exitCode: 127 }],
      faults: [{ to: 'inspect', stdout: 'created 0 false' }],
    },
    { exitCode: 127, note: null },
  ],
  [
    'stopped, in Podman’s words',
    { plays: [WORKS], faults: [{ to: 'inspect', stdout: 'stopped 4 false' }] },
    { exitCode: 4, note: null },
  ],
])('a container that is %s', async (_, script, end) => {
  const { context } = open(script)
  expect(await (await drained(STAGE, context)).ended).toEqual(end)
  for (const name of namesOf('container', 'run-1')) forget(name)
})

posix('once it has ended it is looked at no more', async () => {
  const { recorder, context, settled } = open({ plays: [{ ...WORKS, hangs: true }] })
  const running = await drained(STAGE, { ...context, looks: { every: 20, most: 3 } })
  await expect.poll(() => recorder.asked('top').length).toBeGreaterThan(1)
  await running.kill()
  await running.ended
  await settled()
  const looks = recorder.asked('top').length
  await delay(100)
  expect(recorder.asked('top').length).toBe(looks)
})

posix('each question about it has its bound', async () => {
  const stop = new AbortController()
  const plays = [WORKS, { ...WORKS, start: 1, hangs: true }]
  const { recorder, context } = open({ plays }, stop.signal)
  await (
    await drained({ ...STAGE, copies: COPIES, keptForLater: true }, context)
  ).ended
  context.keptContainers.set('earlier', context.keptContainers.get('own-step')!)
  const again = await drained(RESTARTS, context)
  await again.kill()
  await again.ended
  const bounds = recorder.asked().map(({ command, seconds }) => [command, seconds])
  expect(bounds).toEqual([
    ['create', 60],
    ['cp', 60],
    ['cp', 60],
    ['start', null],
    ['inspect', 10],
    ['start', null],
    ['kill', 10],
    ['inspect', 10],
  ])
})

posix(
  'while the engine makes one it is known by its name: nobody knows yet whether it will be there',
  async () => {
    const { recorder, context } = open({ faults: [{ to: 'create', hangs: true }] })
    void startContainer(STAGE, { ...context, runId: 'run-2' }).catch(() => undefined)
    await expect.poll(() => recorder.asked('create').length).toBe(1)
    expect(namesOf('container', 'run-2')).toEqual(['own-name'])
    forget('own-name')
  },
)

posix('one that works is known by its name, until it has gone', async () => {
  const { recorder, context, settled } = open({ plays: [{ ...WORKS, hangs: true }] })
  const running = await drained(STAGE, { ...context, runId: 'run-3' })
  expect(namesOf('container', 'run-3')).toEqual(['own-name'])
  expect(recorder.containers()[0]).toMatchObject({ name: 'own-name' })
  await running.kill()
  await running.ended
  await settled()
  expect(namesOf('container', 'run-3')).toEqual([])
})

posix('a stop that comes while it is made removes it, and nothing is started', async () => {
  const stop = new AbortController()
  const { recorder, context } = open({ plays: [WORKS] }, stop.signal)
  const call = recorder.engine.call.bind(recorder.engine)
  recorder.engine.call = async one => {
    const made = await call(one)
    if (one.argv[0] === 'create') stop.abort('SIGHUP')
    return made
  }
  await expect(
    startContainer({ ...STAGE, copies: COPIES }, { ...context, runId: 'run-4' }),
  ).rejects.toBe('SIGHUP')
  expect(recorder.containers()).toEqual([])
  expect(recorder.asked('cp')).toEqual([])
  expect(namesOf('container', 'run-4')).toEqual([])
})
