import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunContext } from '../../src/run/context.ts'
import type { Step } from '../../src/plan/types.ts'
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
      `    ${failed.again}`,
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
