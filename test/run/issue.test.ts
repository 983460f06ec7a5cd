import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunContext } from '../../src/run/context.ts'
import type { Step } from '../../src/plan/types.ts'
import type { Facts } from '../../src/engine/facts.ts'
import type { StepFailed } from '../../src/run/events.ts'
import { reportUnknown } from '../../src/run/issue.ts'
import { version } from '../../src/version.ts'
import { room } from '../oci/room.ts'
import { engine, facts, noEngine } from '../plan/minimal/inputs.ts'
import { isUnknown, remedyFor } from '../../src/run/remedy-for.ts'
import { MINIMAL } from '../recorder/plays.ts'
import { eventsOf, openRecorder, runHere } from '../recorder/recorder.ts'

const posix = test.skipIf(process.platform === 'win32')

const failing = async (stderr: string) => {
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'build .', exitCode: 1, stderr }],
  })
  const [failed] = eventsOf(await runHere(recorder, ['--yes']), 'step-failed')
  return { folder: recorder.folder, failed: failed! }
}

posix(
  'a failure that nobody knows has its command, its last lines, the log and a text to send',
  async () => {
    const { folder, failed } = await failing('no frobnicator\nno frobnicator at all\n')
    expect(failed).toMatchObject({
      remedy: null,
      commands: ['docker build --tag hello .'],
      lastLines: ['no frobnicator', 'no frobnicator at all'],
      log: join(folder, 'hello/.create-base-image/journal.ndjson'),
      issue: join(folder, 'hello/.create-base-image/issue.md'),
    })
    const text = readFileSync(failed.issue!, 'utf8')
    for (const words of [
      '    docker build --tag hello .',
      '    no frobnicator\n    no frobnicator at all',
      `    ${failed.repeat}`,
      'Exit code: 1',
      `Node ${process.version}`,
      failed.log,
    ])
      expect(text).toContain(words)
  },
)

posix('a failure that is known is no issue', async () => {
  const { failed } = await failing('write /x: no space left on device\n')
  expect(failed.remedy?.code).toBe('no-space')
  expect(failed).not.toHaveProperty('issue')
  expect(failed).not.toHaveProperty('commands')
  expect(existsSync(failed.log.replace('journal.ndjson', 'issue.md'))).toBe(false)
})

const openFailing = (times: number) =>
  openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'build .', times, exitCode: 1, stderr: 'no frobnicator\n' }],
  })

posix('the text goes away with the next run that ends well', async () => {
  const recorder = openFailing(1)
  const issue = join(recorder.folder, 'hello/.create-base-image/issue.md')
  expect((await runHere(recorder, ['--yes'])).end.exitCode).toBe(1)
  expect(existsSync(issue)).toBe(true)
  expect((await runHere(recorder, ['--yes'])).end.exitCode).toBe(0)
  expect(existsSync(issue)).toBe(false)
  const state = readFileSync(issue.replace('issue.md', 'state.json'), 'utf8')
  expect(JSON.parse(state)).not.toHaveProperty('issue')
})

posix(
  'one that a person wrote into stays, and is kept beside that of another failure',
  async () => {
    const recorder = openFailing(2)
    const issue = join(recorder.folder, 'hello/.create-base-image/issue.md')
    await runHere(recorder, ['--yes'])
    writeFileSync(issue, 'I expected an image.\n')
    await runHere(recorder, ['--yes'])
    expect(readFileSync(`${issue}.old`, 'utf8')).toBe('I expected an image.\n')
    expect(readFileSync(issue, 'utf8')).toContain('no frobnicator')
    writeFileSync(issue, 'I expected an image.\n')
    expect((await runHere(recorder, ['--yes'])).end.exitCode).toBe(0)
    expect(readFileSync(issue, 'utf8')).toBe('I expected an image.\n')
  },
)

const context = { facts: { engine: null }, remedy: () => null } as unknown as RunContext
const stepOf = (change: object) =>
  ({ pipeline: [], to: { kind: 'log' }, todo: ['Try it.'], ...change }) as unknown as Step
const unknown = (change: object, exitCode: number | null = 1, more: object = {}) => {
  const step = stepOf(change)
  const failure = { exitCode, message: 'It failed.', lastLines: [], ...more }
  return isUnknown(step, failure, remedyFor(step, context, failure))
}

test('advice of a step on what it cannot tell apart leaves a failure unknown', () => {
  expect(unknown({})).toBe(true)
  expect(unknown({ voice: 'packages' })).toBe(true)
  expect(unknown({}, null, { todo: ['A craft knows it.'] })).toBe(false)
  expect(unknown({}, null, { signal: 'SIGKILL' })).toBe(false)
  expect(unknown({ to: { kind: 'proof' } })).toBe(false)
})

test('a source is not blamed for an engine that did not start its compiler', () => {
  expect(unknown({ voice: 'compiler' })).toBe(false)
  expect(unknown({ voice: 'compiler' }, 125)).toBe(true)
})

test('an archive that is handed over is told apart from a download', () => {
  const said: unknown[] = []
  const remember = {
    ...context,
    remedy: (_: string, by: unknown) => {
      said.push(by)
      return null
    },
  }
  for (const args of [
    ['import', '-'],
    ['pull', 'a'],
  ])
    remedyFor(stepOf({ pipeline: [{ kind: 'command', program: 'docker', args }] }), remember, {
      exitCode: 1,
      message: '',
      lastLines: [],
    })
  expect(said).toMatchObject([{ archive: true }, { archive: false }])
})

const FAILED: StepFailed = {
  type: 'step-failed',
  step: 'own',
  seconds: 1,
  exitCode: null,
  message: 'It failed.',
  lastLines: [],
  remedy: null,
  repeat: 'npm create base-image',
  log: '',
}

/** The text for an issue of a step that failed like this, and what is told of it. */
const reported = async (
  change: Partial<StepFailed>,
  some: Facts,
  pipeline: Step['pipeline'] = [],
) => {
  const folder = await room()
  const run = {
    facts: some,
    project: { directory: folder, state: {} },
    values: new Map(),
    redact: (data: unknown) => JSON.parse(JSON.stringify(data).replaceAll('s3cret', 'REDACTED')),
  } as unknown as RunContext
  const log = join(folder, 'ours/journal.ndjson')
  const step = stepOf({ title: 'do it', pipeline })
  const told = await reportUnknown(step, run, { ...FAILED, log, ...change })
  const issue = join(folder, 'ours/issue.md')
  const text = existsSync(issue) ? readFileSync(issue, 'utf8') : null
  return { told, text: text?.replaceAll(folder, '/FOLDER') ?? null, issue }
}

posix(
  'a text to send is whole: what was run, what failed, its last lines and all versions',
  async () => {
    const { text } = await reported({}, facts(noEngine))
    expect(text).toBe(`# "do it" failed: It failed.

Before you send this: take out anything private, and say what you expected.

## What I ran

    npm create base-image

## The command that failed

    (no command: create-base-image did it by itself)

Exit code: none

## Its last lines

    (it said nothing)

## Versions

- create-base-image ${version()}, Node ${process.version}
- linux ${release()}, amd64
- no engine

The whole log is in /FOLDER/ours/journal.ndjson; it can be attached.
`)
  },
)

posix('its quotes hold whatever was printed, without secrets', async () => {
  const command = { kind: 'command', program: 'docker', args: ['pull', 's3cret'] } as const
  const lastLines = ['one\n# two', 'https://s3cret@mirror.example']
  const { text, told } = await reported({ exitCode: 0, lastLines }, facts(), [command])
  expect(told.commands).toEqual(['docker pull s3cret'])
  expect(text).toContain('    docker pull REDACTED\n\nExit code: 0\n')
  expect(text).toContain('    one\n    # two\n    https://REDACTED@mirror.example\n\n## Versions')
})

posix('of an engine all is told that tells it from others', async () => {
  const versions = async (change: Partial<typeof engine>) =>
    (await reported({}, facts({ engine: { ...engine, ...change } }))).text!.split('\n').at(-4)
  const plain =
    '- Engine 28.2.2 (linux/amd64), client docker 28.2.2, builder classic, image store classic'
  expect(await versions({})).toBe(plain)
  expect(await versions({ rootless: true })).toBe(`${plain}, rootless`)
  expect(await versions({ remote: true })).toBe(`${plain}, on another machine`)
})

posix('where no text can be written, the commands are told all the same', async () => {
  expect((await reported({ log: '' }, facts())).told).toEqual({ commands: [] })
  const folder = await room()
  mkdirSync(join(folder, 'issue.md'))
  const none = await reported({ log: join(folder, 'journal.ndjson') }, facts())
  expect(none.told).toEqual({ commands: [] })
  writeFileSync(join(folder, 'file'), '')
  const below = await reported({ log: join(folder, 'file/journal.ndjson') }, facts())
  expect(below.told).toEqual({ commands: [] })
  const { told, issue } = await reported({}, facts())
  expect(told).toEqual({ commands: [], issue })
})
