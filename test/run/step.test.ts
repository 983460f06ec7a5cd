import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { contextOf, step } from './step-context.ts'
import { openRecorder } from '../recorder/recorder.ts'
import type { ContainerStage, Step } from '../../src/plan/types.ts'
import type { Event } from '../../src/run/events.ts'
import { runStep } from '../../src/run/step.ts'

const posix = test.skipIf(process.platform === 'win32')

const doneOf = (events: readonly Event[]) => events.findLast(({ type }) => type === 'step-done')

posix('a step tells how long it took, in seconds', async () => {
  const { context, events } = contextOf()
  await runStep(step('sleep 0.3'), context)
  const done = doneOf(events) as { readonly seconds: number }
  expect(done.seconds).toBeGreaterThanOrEqual(0.29)
  expect(done.seconds).toBeLessThan(20)
  const failed = await runStep(step('sleep 0.3; exit 1'), context)
  expect(failed!.seconds).toBeGreaterThanOrEqual(0.29)
  expect(failed!.seconds).toBeLessThan(20)
})

posix('its result is filled with what it learnt, its last line too', async () => {
  const { context, events } = contextOf()
  const made = step('printf 12345 >made; echo first; echo the last', {
    outputs: ['made'],
    result: '{output.bytes|size}, {last-line}',
  })
  await runStep(made, context)
  expect(doneOf(events)).toMatchObject({ result: '5 bytes, the last' })
  await runStep(step('true', { result: '[{last-line}]' }), context)
  expect(doneOf(events)).toMatchObject({ result: '[]' })
  await runStep(step('echo words'), context)
  expect(doneOf(events)).toMatchObject({ result: '' })
})

posix('what it made is in its event and in the state, for the next run', async () => {
  const { context, events, directory } = contextOf()
  context.project.state = { ...context.project.state, steps: { other: { key: 'k', outputs: {} } } }
  await runStep(step('printf x >made', { outputs: ['made'] }), context)
  const { record } = doneOf(events) as { readonly record: object }
  expect(record).toEqual({
    key: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    outputs: { made: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
  })
  const state = readFileSync(join(directory, '.create-base-image/state.json'), 'utf8')
  expect(JSON.parse(state)).toMatchObject({ steps: { other: { key: 'k' }, s: record } })
  await runStep(step('true', { id: 'log' }), context)
  expect(doneOf(events)).not.toHaveProperty('record')
})

const WARNS =
  "x.c: warning: Using 'getaddrinfo' in statically linked applications requires at runtime the shared libraries"
const COMPILES = `printf x >made; echo "${WARNS}" >&2; printf 'gcc-12\\t12.2\\n' >&2`

posix(
  'what a linker warned of and what a program is made with is told, and told again when it is here',
  async () => {
    const { context, events } = contextOf()
    const compile = step(COMPILES, { id: 'compile', voice: 'compiler', outputs: ['made'] })
    await runStep(compile, context)
    const notes = [
      expect.stringContaining('getaddrinfo looks for shared') as string,
      expect.any(String),
    ]
    expect(doneOf(events)).toMatchObject({
      notes,
      record: { warned: ['getaddrinfo'], madeWith: ['gcc-12\t12.2'] },
    })
    const again = contextOf()
    const { project, plan } = context
    Object.assign(again.context, { project, plan })
    await runStep(compile, again.context)
    expect(again.events).toMatchObject([{ type: 'step-skipped', notes }])
    expect(again.context).toMatchObject({ warned: ['getaddrinfo'], madeWith: ['gcc-12\t12.2'] })
  },
)

posix('the words of any other program are no linker’s', async () => {
  const { context, events } = contextOf()
  await runStep(step(COMPILES, { outputs: ['made'] }), context)
  expect(doneOf(events)).not.toHaveProperty('notes')
  expect([context.warned, context.madeWith]).toEqual([[], []])
  await runStep(
    step('printf x >quiet', { id: 'c', voice: 'compiler', outputs: ['quiet'] }),
    context,
  )
  const { record } = doneOf(events) as { readonly record: object }
  expect(Object.keys(record)).toEqual(['key', 'outputs'])
})

posix('a step that only serves others is left out once all that they make is here', async () => {
  const { context, events } = contextOf()
  const makes = (id: string) => step(`printf x >${id}`, { id, outputs: [id] })
  const steps = [makes('a'), makes('b')]
  Object.assign(context, { plan: { ...context.plan, steps } })
  const serves = step('printf x >served', { id: 'serves', servesOnly: ['a', 'b'] })
  await runStep(steps[0]!, context)
  await runStep(serves, context)
  expect(doneOf(events)).toMatchObject({ step: 'serves' })
  await runStep(steps[1]!, context)
  await runStep(serves, context)
  expect(events.at(-1)).toMatchObject({ reason: 'not needed, its work is done' })
})

posix('several outputs are here in the plural', async () => {
  const { context, events } = contextOf()
  const two = step('printf x >a; printf x >b', { outputs: ['a', 'b'] })
  await runStep(two, context)
  await runStep(two, context)
  expect(events.at(-1)).toMatchObject({ reason: 'a, b are already here' })
})

const holds = (skippable: boolean): Partial<Step> => ({
  postcondition: {
    command: { kind: 'command', program: 'echo', args: ['is it'] },
    expect: 'is ',
    learn: ['it'],
    otherwise: '',
    skippable,
  },
})

posix('what a condition finds there already is not made, where that is enough', async () => {
  const { context, events, directory } = contextOf()
  await runStep(step('touch made', holds(true)), context)
  expect(events).toEqual([{ type: 'step-skipped', step: 's', reason: 'already here' }])
  expect(existsSync(join(directory, 'made'))).toBe(false)
  await runStep(step('touch made', holds(false)), context)
  expect(existsSync(join(directory, 'made'))).toBe(true)
})

posix('a stop that comes while its reason is read leaves it undone', async () => {
  const stop = new AbortController()
  const { context, directory } = contextOf(stop.signal)
  const emit = async (): Promise<void> => stop.abort('SIGINT')
  await expect(runStep(step('touch made'), { ...context, emit })).rejects.toBe('SIGINT')
  expect(existsSync(join(directory, 'made'))).toBe(false)
})

posix(
  'an error of the file system is told as what can not be written, any other by its words',
  async () => {
    const { context, directory } = contextOf()
    writeFileSync(join(directory, 'file'), '')
    const to = { kind: 'file', file: 'file/below', mode: 0o644 } as const
    expect(await runStep(step('true', { to }), context)).toMatchObject({
      exitCode: null,
      message: `${directory} can't be written: a part of the path is a file.`,
      lastLines: [],
      remedy: { code: 'unwritable', todo: [expect.any(String)] },
    })
    const failing = (error: Error) =>
      runStep(step('echo'), {
        ...context,
        emit: async (shown: readonly Event[]) => {
          if (shown[0]?.type === 'output') throw error
        },
      })
    expect(await failing(new Error('odd'))).toMatchObject({ message: 'odd', lastLines: [] })
    const coded = Object.assign(new Error('odd'), { code: 'EODD' })
    expect(await failing(coded)).toMatchObject({ message: 'odd', lastLines: ['EODD: odd'] })
  },
)

const WORKS: ContainerStage = {
  kind: 'container',
  client: 'docker',
  options: [],
  image: 'ubuntu:20.04',
  command: ['work'],
}

posix(
  'a container that the engine does not make fails the step in the engine’s words',
  async () => {
    const { env } = openRecorder({
      faults: [{ to: 'create', exitCode: 125, stderr: '\nno such image\nsee the docs\n' }],
    })
    const { context } = contextOf()
    const failed = await runStep(step('', { pipeline: [WORKS] }), { ...context, env })
    expect(failed).toMatchObject({
      exitCode: 125,
      message: 'The engine did not make the container.',
      lastLines: ['no such image', 'see the docs'],
      // Before the folder is this run's there is no log.
      log: '',
    })
  },
)

posix(
  'a container of an earlier step goes once it has served, and stays where that failed',
  async () => {
    const recorder = openRecorder({
      plays: [0, 1, 2].map(start => ({ of: 'work', start, exitCode: start === 1 ? 1 : 0 })),
    })
    const { context, settled } = contextOf()
    const here = { ...context, env: recorder.env }
    await runStep(step('', { id: 'first', pipeline: [{ ...WORKS, keptForLater: true }] }), here)
    const second = step('', { id: 'second', pipeline: [{ ...WORKS, restarts: 'first' }] })
    expect(await runStep(second, here)).not.toBeNull()
    expect(recorder.containers()).toHaveLength(1)
    expect(await runStep(second, here)).toBeNull()
    await settled()
    expect(recorder.containers()).toEqual([])
    expect(context.keptContainers.size).toBe(0)
  },
)

posix('the journal is in the folder only once that is this run’s alone', async () => {
  const journal = async (lockedBy: string | undefined) => {
    const { context, directory } = contextOf()
    if (lockedBy !== undefined) context.project.lockedBy = lockedBy
    const failed = await runStep(step('exit 1'), context)
    await context.journal.close()
    const path = join(directory, '.create-base-image/journal.ndjson')
    expect(failed!.log).toBe(lockedBy === undefined ? '' : path)
    return existsSync(path)
  }
  expect(await journal('r')).toBe(true)
  expect(await journal(undefined)).toBe(false)
})

posix('a push whose digest nobody told fails where it is to be signed', async () => {
  const { context, events } = contextOf()
  const push = step('echo pushed', { pushes: { digestFile: null } })
  await runStep(push, context)
  expect(doneOf(events)).toBeDefined()
  const steps = [step('true', { id: 'sign' })]
  const failed = await runStep(push, { ...context, plan: { ...context.plan, steps } })
  expect(failed).toMatchObject({
    message: expect.stringContaining('cannot be signed') as string,
    lastLines: ['pushed'],
  })
  expect(context.values.has('pushed.digest')).toBe(false)
})

posix('what a container makes keeps the mode that the step gives it', async () => {
  const { env } = openRecorder({ plays: [{ of: 'work', stdout: 'text' }] })
  const { context, directory } = contextOf()
  const to = { kind: 'file', file: 'made', mode: 0o640 } as const
  const made = step('', { pipeline: [WORKS], to, outputs: ['made'] })
  expect(await runStep(made, { ...context, env })).toBeNull()
  expect(statSync(join(directory, 'made')).mode & 0o777).toBe(0o640)
})

const failsOnce = (line: string): string =>
  `if [ -e tried ]; then echo built; else : >tried; echo '${line}' >&2; exit 1; fi`

posix('a build is run once more where another program removed an image meanwhile', async () => {
  const line = `unable to find image "sha256:${'9f'.repeat(32)}"`
  const { context, events } = contextOf()
  expect(await runStep(step(failsOnce(line), { id: 'build' }), context)).toBeNull()
  expect(events).toContainEqual(
    expect.objectContaining({ line: 'Another program removed an image meanwhile: once more.' }),
  )
  expect(doneOf(events)).toMatchObject({ step: 'build' })
})

posix('no other failure of a build is tried again, and no other step', async () => {
  const gone = `unable to find image "sha256:${'9f'.repeat(32)}"`
  for (const [id, line] of [
    ['build', 'no space left on device'],
    ['compile', gone],
  ] as const) {
    const { context } = contextOf()
    expect(await runStep(step(failsOnce(line), { id }), context)).toMatchObject({ exitCode: 1 })
  }
})
