import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FULL, MINIMAL } from '../recorder/plays.ts'
import {
  eventsOf,
  openRecorder,
  planHere,
  runHere,
  stepsOf,
  type Recorder,
} from '../recorder/recorder.ts'
import { assetsFolder } from '../../src/assets.ts'
import type { Event } from '../../src/run/events.ts'
import { isRunningHere, newRunId } from '../../src/run/process/run-id.ts'
import { digestOf } from '../../src/run/project/files.ts'
import { runPlan, type RunOptions } from '../../src/run/run.ts'
import { engine, facts, noEngine } from '../plan/minimal/inputs.ts'

const posix = test.skipIf(process.platform === 'win32')
const BOOKWORM = '--kind full --release bookworm --bootstrap container --yes'.split(' ')
const REGISTRY = { 'debian:bookworm-slim': {} }

/** Runs a minimal image with options that runHere has not. */
const run = async (recorder: Recorder, change: Partial<RunOptions> = {}) => {
  const events: Event[] = []
  const view = {
    show: (shown: readonly Event[]) => void events.push(...shown),
    decide: () => Promise.resolve('stop' as const),
    close: () => undefined,
  }
  const plan = planHere(recorder, ['--yes'])
  const end = await runPlan(plan, facts(), {
    view,
    signal: new AbortController().signal,
    env: recorder.env,
    assets: assetsFolder(),
    force: false,
    hintsFor: () => [],
    remedy: () => null,
    ...change,
    ...(change.view !== undefined && { view: { ...view, ...change.view } }),
  })
  return { end, events, project: join(recorder.folder, 'hello') }
}

const stateIn = (project: string) =>
  JSON.parse(readFileSync(join(project, '.create-base-image/state.json'), 'utf8')) as {
    finished: boolean
    written: Record<string, string>
  }

posix('the journal has each event that was shown, in order, and ends with the last', async () => {
  const { events, project } = await run(openRecorder({ plays: MINIMAL }))
  const lines = readFileSync(join(project, '.create-base-image/journal.ndjson'), 'utf8')
  const kept = lines
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Event & { readonly at: string })
  expect(kept.map(({ type }) => type)).toEqual(['facts', ...events.map(({ type }) => type)])
  for (const { at } of kept) expect(at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

posix('a run is known while it works, and no longer', async () => {
  const runs: boolean[] = []
  let id = ''
  await runHere(openRecorder({ plays: MINIMAL }), ['--yes'], {
    seen: event => {
      if (event.type === 'plan') id = event.run
      runs.push(isRunningHere(id))
    },
  })
  expect(new Set(runs)).toEqual(new Set([true]))
  expect(isRunningHere(id)).toBe(false)
})

posix('a folder that another run of this process works in is left to it', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  let second: Promise<unknown> = Promise.resolve()
  const ran = await runHere(recorder, ['--yes'], {
    seen: event => {
      if (event.type === 'step-started' && event.step === 'compile')
        second = runHere(recorder, ['--yes']).catch((error: unknown) => error)
    },
  })
  expect(await second).toMatchObject({ message: expect.stringContaining('Another run') as string })
  expect(ran.end.exitCode).toBe(0)
})

posix('the time of a run is told in seconds, without what a person took to read', async () => {
  const seconds = async (waited?: () => number) => {
    const view = waited === undefined ? {} : ({ waited } as RunOptions['view'])
    const { events } = await run(openRecorder({ plays: MINIMAL }), { view: view as never })
    return eventsOf({ events }, 'outcome')[0]!.seconds
  }
  const whole = await seconds()
  expect(whole).toBeGreaterThan(0)
  expect(whole).toBeLessThan(60)
  expect(await seconds(() => 100_000)).toBeLessThan(-40)
})

posix('a lesson is written, remembered as ours, and told with what is learnt', async () => {
  const lesson = { file: 'LESSON.md', text: '# ö\n', learnt: ['A container is a process.'] }
  let seen: unknown = null
  const { events, project } = await run(openRecorder({ plays: MINIMAL }), {
    lesson: async outcome => {
      seen = outcome
      return lesson
    },
  })
  const [outcome] = eventsOf({ events }, 'outcome')
  expect(outcome).toMatchObject({ lesson: join(project, 'LESSON.md'), learnt: lesson.learnt })
  expect(seen).toMatchObject({ type: 'outcome', image: 'hello', proven: true })
  expect(readFileSync(join(project, 'LESSON.md'), 'utf8')).toBe(lesson.text)
  const { written, finished } = stateIn(project)
  expect(written).toMatchObject({ 'LESSON.md': digestOf(lesson.text) })
  expect(Object.keys(written)).toContain('Dockerfile')
  expect(finished).toBe(true)
})

posix('a lesson that can not be written takes nothing of the image away', async () => {
  const { events, end } = await run(openRecorder({ plays: MINIMAL }), {
    lesson: () => Promise.reject(new Error('the disk is full')),
  })
  expect(end.exitCode).toBe(0)
  const [outcome] = eventsOf({ events }, 'outcome')
  expect(outcome).not.toHaveProperty('lesson')
  expect(outcome).not.toHaveProperty('learnt')
})

posix('a signal that comes while a person is asked ends the run', async () => {
  const recorder = openRecorder({ plays: MINIMAL, faults: [{ to: 'build .', exitCode: 1 }] })
  const stop = new AbortController()
  const { end, events } = await run(recorder, {
    signal: stop.signal,
    view: {
      decide: () => {
        stop.abort('SIGTERM')
        return new Promise<never>(() => undefined)
      },
    } as never,
  })
  expect(end).toEqual({ exitCode: 143, change: false })
  expect(events.at(-1)).toEqual({ type: 'stopped', signal: 'SIGTERM', clean: true })
})

posix('one that came before the first step begins none', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const ran = await runHere(recorder, ['--yes'], {
    signal: AbortSignal.abort('SIGINT'),
  })
  expect(ran.end.exitCode).toBe(130)
  expect(eventsOf(ran, 'step-started')).toEqual([])
  expect(existsSync(join(recorder.folder, 'hello'))).toBe(false)
})

posix('a view that breaks ends the run with its error, and nothing is left', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  let id = ''
  const broken = run(recorder, {
    view: {
      show: (shown: readonly Event[]) => {
        for (const event of shown) {
          if (event.type === 'plan') id = event.run
          if (event.type === 'step-started' && event.step === 'compile') throw new Error('odd')
        }
      },
    } as never,
  })
  await expect(broken).rejects.toThrow('odd')
  expect(recorder.containers()).toEqual([])
  expect(isRunningHere(id)).toBe(false)
  expect(existsSync(join(recorder.folder, 'hello/.create-base-image/lock'))).toBe(false)
})

posix('what a proxy’s password is in is told without it', async () => {
  const plays = MINIMAL.map(play =>
    play.of === 'hello' ? { ...play, stdout: 'http://me:s3cret@proxy.example\n' } : play,
  )
  const recorder = openRecorder({ plays })
  const env = { ...recorder.env, http_proxy: 'http://me:s3cret@proxy.example:3128' }
  const ran = await runHere(recorder, ['--yes'], { env })
  expect(eventsOf(ran, 'outcome')[0]!.printed).toContain('proxy.example')
  expect(JSON.stringify(ran.events)).not.toContain('s3cret')
})

/** At each look at what is left that comes after this, 2.5 s pass on the clock. Returns how many there were. */
const hurry = (recorder: Recorder, from: () => boolean = () => true): (() => number) => {
  const now = Date.now.bind(Date)
  let looks = 0
  vi.spyOn(Date, 'now').mockImplementation(() => now() + looks * 2500)
  onTestFinished(() => void vi.restoreAllMocks())
  const call = recorder.engine.call.bind(recorder.engine)
  recorder.engine.call = one => {
    if (one.argv[0] === 'ps' && from()) looks += 1
    return call(one)
  }
  return () => looks
}

posix(
  'what could not be removed is told by name: containers and images without a proof',
  async () => {
    const recorder = openRecorder({
      plays: FULL.map(play => (play.of.startsWith('cat') ? { ...play, stdout: 'ID=x\n' } : play)),
      registry: REGISTRY,
      faults: [
        { to: 'rm', exitCode: 1, stderr: 'busy' },
        { to: 'rmi create-base-image/unproven', exitCode: 1, stderr: 'in use' },
      ],
    })
    hurry(recorder)
    const ran = await runHere(recorder, BOOKWORM)
    const [plan] = eventsOf(ran, 'plan')
    expect(ran.end.exitCode).toBe(1)
    const left = eventsOf(ran, 'leftovers')
    expect(left).toHaveLength(1)
    expect(left[0]).toMatchObject({
      type: 'leftovers',
      containersRemain: true,
      images: [`create-base-image/unproven:${plan!.run}`],
    })
    const names = recorder.containers().map(({ name }) => name)
    expect(left[0]!.containers!.toSorted()).toEqual(names.toSorted())
    expect(names.length).toBeGreaterThan(0)
    expect(left[0]).not.toHaveProperty('leftFolder')
  },
)

posix('an image that only lost its first name late is told alone', async () => {
  const recorder = openRecorder({
    plays: FULL.map(play => (play.of.startsWith('cat') ? { ...play, stdout: 'ID=x\n' } : play)),
    registry: REGISTRY,
    faults: [{ to: 'rmi create-base-image/unproven', exitCode: 1, stderr: 'in use' }],
  })
  const ran = await runHere(recorder, BOOKWORM)
  const [plan] = eventsOf(ran, 'plan')
  expect(ran.events.at(-1)).toEqual({
    type: 'leftovers',
    images: [`create-base-image/unproven:${plan!.run}`],
  })
})

/** Stops a run in whose midst no container can be removed; tells how often that was looked at. */
const stoppedBusy = async (remote: boolean) => {
  const plays = MINIMAL.map(play => (play.of === '-static' ? { ...play, hangs: true } : play))
  const recorder = openRecorder({ plays, faults: [{ to: 'rm', exitCode: 1, stderr: 'busy' }] })
  const stop = new AbortController()
  const looks = hurry(recorder, () => stop.signal.aborted)
  const ran = await runHere(recorder, ['--yes'], {
    facts: { engine: { ...engine, remote } },
    signal: stop.signal,
    seen: event => {
      if (event.type === 'step-started' && event.step === 'compile')
        setTimeout(() => stop.abort('SIGTERM'), 30)
    },
  })
  vi.restoreAllMocks()
  return { ran, looks: looks() }
}

posix('a stop tells what could not be removed, and a remote engine has longer for it', async () => {
  const { ran, looks } = await stoppedBusy(false)
  expect(ran.events.at(-1)).toMatchObject({
    type: 'stopped',
    signal: 'SIGTERM',
    clean: false,
    containersRemain: true,
    containers: [
      expect.stringMatching(/-compiler-0$/) as string,
      expect.stringMatching(/-compile-0$/) as string,
    ],
  })
  // Within 3 s and 10 s.
  expect(looks).toBe(2)
  expect((await stoppedBusy(true)).looks).toBe(4)
})

posix('a push that fails after the proof takes the name from nobody', async () => {
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'push', exitCode: 1, stderr: 'denied' }],
  })
  recorder.engine.image('hello')
  const ran = await runHere(recorder, ['--yes', '--push', 'registry.example/hello'])
  expect(stepsOf(ran).failed).toEqual(['push'])
  expect(eventsOf(ran, 'given-back')).toEqual([])
  expect(recorder.images()).toContain('hello:latest')
})

const DIGEST = `sha256:${'c'.repeat(64)}`

posix('a push tells the digest that the registry has it by', async () => {
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'push', stdout: `latest: digest: ${DIGEST} size: 527\n` }],
  })
  const ran = await runHere(recorder, ['--yes', '--push', 'registry.example/hello'])
  expect(ran.end.exitCode).toBe(0)
  expect(stepsOf(ran).done.slice(-3)).toEqual(['run', 'push-name', 'push'])
  expect(eventsOf(ran, 'outcome')[0]).toMatchObject({
    pushed: 'registry.example/hello:latest',
    pushedDigest: DIGEST,
  })
})

posix('without an engine no engine is asked', async () => {
  const recorder = openRecorder()
  const dead = `${newRunId().split('-')[0]}-4194305-00000002`
  recorder.left('1', dead)
  const ran = await runHere(recorder, ['--yes', '--program', 'raw', '--engine', 'none'], {
    facts: { ...noEngine, privateRoot: null },
  })
  expect(ran.end.exitCode).toBe(0)
  expect(recorder.asked()).toEqual([])
})

posix('an image whose first name has gone by itself is not left', async () => {
  const recorder = openRecorder({
    plays: FULL.map(play => (play.of.startsWith('cat') ? { ...play, stdout: 'ID=x\n' } : play)),
    registry: REGISTRY,
    faults: [{ to: 'rmi create-base-image/unproven', exitCode: 1, stderr: 'Error: No such image' }],
  })
  const ran = await runHere(recorder, BOOKWORM)
  expect(ran.end.exitCode).toBe(1)
  expect(eventsOf(ran, 'leftovers')).toEqual([])
})

posix('the lists of what is in an image are in the folder before it is pushed', async () => {
  const recorder = openRecorder({ plays: MINIMAL, faults: [{ to: 'push', exitCode: 1 }] })
  const sbom = join(recorder.folder, 'hello/sbom.spdx.json')
  const there: boolean[] = []
  const call = recorder.engine.call.bind(recorder.engine)
  recorder.engine.call = one => {
    if (['run', 'tag', 'push'].includes(one.argv[0]!)) there.push(existsSync(sbom))
    return call(one)
  }
  await runHere(recorder, ['--yes', '--push', 'registry.example/hello'])
  expect(there.at(-1)).toBe(true)
})

posix('what a step that is not proven has made is not kept', async () => {
  const plays = MINIMAL.map(play => (play.of === 'hello' ? { ...play, exitCode: 139 } : play))
  const recorder = openRecorder({ plays })
  await runHere(recorder, ['--yes'])
  expect(existsSync(join(recorder.folder, 'hello/sbom.spdx.json'))).toBe(false)
})

test.skipIf(process.platform !== 'linux')(
  'a run that is over has no file of its project open (needs /proc)',
  async () => {
    const recorder = openRecorder({ plays: MINIMAL })
    await runHere(recorder, ['--yes'])
    const open = readdirSync('/proc/self/fd').flatMap(fd => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`)
      } catch {
        return []
      }
    })
    expect(open.filter(path => path.startsWith(recorder.folder))).toEqual([])
  },
)
