import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { childEnvironment } from '../../src/run/process/environment.ts'
import { fileDigest, openWhole, writeWhole } from '../../src/run/project/files.ts'
import { openJournal } from '../../src/run/project/journal.ts'
import { isRecorded, recordOf } from '../../src/run/project/records.ts'
import { newRunId, runState } from '../../src/run/process/run-id.ts'
import { fillResult, resolveWord } from '../../src/run/values.ts'
import type { Project } from '../../src/run/project/project.ts'
import type { Step } from '../../src/plan/types.ts'
import { engine, facts } from '../plan/minimal/inputs.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'run-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('a child gets no setting that changes what a client prints, and always a builder', () => {
  const env = {
    PATH: '/bin',
    DOCKER_HOST: 'ssh://x',
    BUILDKIT_PROGRESS: 'rawjson',
    NO_COLOR: '1',
    DOCKER_BUILDKIT: '1',
  }
  expect(childEnvironment(facts(), env)).toMatchObject({
    PATH: '/bin',
    DOCKER_HOST: 'ssh://x',
    DOCKER_BUILDKIT: '0',
  })
  expect(childEnvironment(facts(), env)).not.toHaveProperty('BUILDKIT_PROGRESS')
  expect(childEnvironment(facts(), env)).not.toHaveProperty('NO_COLOR')
  expect(childEnvironment(facts(), { LC_ALL: 'de_DE' })).toMatchObject({ LC_ALL: 'C.UTF-8' })
  const buildkit = facts({ engine: { ...engine, builder: 'buildkit-json' } })
  expect(childEnvironment(buildkit, {})).toMatchObject({ DOCKER_BUILDKIT: '1' })
})

test('a run id tells whether its process is alive, here', () => {
  const [host] = newRunId().split('-')
  expect(runState(newRunId())).toBe('alive')
  expect(runState(`${host}-4194305-00`)).toBe('dead')
  expect(runState('00000000-1-00')).toBe('other')
  expect(runState('')).toBe('other')
})

test('a late word holds the hash of what was learnt, and cannot be used too early', () => {
  const word = { stem: 'compiler:', hashOf: [{ learnt: 'builder.id' }, 'gcc'] }
  expect(() => resolveWord(new Map(), word)).toThrow('builder.id')
  const one = resolveWord(new Map([['builder.id', 'sha256:1']]), word)
  expect(one).toMatch(/^compiler:[0-9a-f]{12}$/)
  expect(resolveWord(new Map([['builder.id', 'sha256:2']]), word)).not.toBe(one)
})

test('a result shows bytes for people, and nothing for what was not learnt', () => {
  const values = new Map([
    ['a', '810304'],
    ['b', 'x'],
  ])
  expect(fillResult(values, '{a|size} {b} {c|size}')).toBe('810 kB x ')
})

test('a file that is written whole takes its name only when it is complete', async () => {
  const path = join(folder, 'f')
  writeFileSync(path, 'before')
  const half = await openWhole(path, 0o755)
  await half.write(Buffer.from('half'))
  expect(readFileSync(path, 'utf8')).toBe('before')
  await half.discard()
  expect(readFileSync(path, 'utf8')).toBe('before')
  const whole = await openWhole(path, 0o755)
  await whole.write(Buffer.from('who'))
  await whole.write(Buffer.from('le'))
  expect([whole.bytes(), readFileSync(path, 'utf8')]).toEqual([5, 'before'])
  await whole.commit()
  expect(readFileSync(path, 'utf8')).toBe('whole')
  expect(statSync(path).mode & 0o777).toBe(0o755)
  expect(readdirSync(folder)).toEqual(['f'])
})

test('writing whole leaves nothing beside a place that can not be written', async () => {
  mkdirSync(join(folder, 'f'))
  await expect(writeWhole(join(folder, 'f'), 'whole')).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['f'])
  expect(await fileDigest(join(folder, 'none'))).toBeNull()
})

test('the journal keeps what came before its folder was there, and the journal of the run before', async () => {
  for (const line of ['one', 'two']) {
    const journal = openJournal(folder, { version: 1 })
    await journal.write([{ type: 'output', step: 's', source: 'stdout', line }])
    await journal.attach()
    await journal.write([{ type: 'step-skipped', step: 's', reason: 'r' }])
    await journal.close()
  }
  const read = (name: string) =>
    readFileSync(join(folder, '.create-base-image', name), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
  expect(read('journal.ndjson').map(({ type }) => type)).toEqual([
    'facts',
    'output',
    'step-skipped',
  ])
  expect(read('journal.previous.ndjson')[1].line).toBe('one')
})

test('a step counts as done while its inputs, its commands and its outputs are as it left them', async () => {
  const step: Step = {
    id: 'compile',
    title: '',
    why: '',
    pipeline: [{ kind: 'command', program: 'cc', args: ['-static'] }],
    to: { kind: 'log' },
    reader: 'lines',
    inputs: ['a.c'],
    outputs: ['a'],
  }
  const state = { version: 1 as const, finished: false, answers: {}, written: {} }
  writeFileSync(join(folder, 'a.c'), 'source')
  writeFileSync(join(folder, 'a'), 'program', { mode: 0o755 })
  const project: Project = {
    directory: folder,
    kind: 'resumed',
    made: false,
    wasEmpty: false,
    state: { ...state, steps: {} },
  }
  expect(await isRecorded(step, project)).toBe(false)
  project.state = { ...state, steps: { compile: (await recordOf(step, project))! } }
  expect(await isRecorded(step, project)).toBe(true)
  expect(await isRecorded({ ...step, to: { kind: 'proof' } }, project)).toBe(false)
  writeFileSync(join(folder, 'a'), 'another')
  expect(await isRecorded(step, project)).toBe(false)
  writeFileSync(join(folder, 'a'), 'program')
  chmodSync(join(folder, 'a'), 0o644)
  expect(await isRecorded(step, project)).toBe(false)
  chmodSync(join(folder, 'a'), 0o755)
  writeFileSync(join(folder, 'a.c'), 'changed')
  expect(await isRecorded(step, project)).toBe(false)
})

test('a folder that a step made counts with all that is in it', async () => {
  mkdirSync(join(folder, 'files/deep'), { recursive: true })
  writeFileSync(join(folder, 'files/deep/a'), 'zone', { mode: 0o644 })
  const step: Step = {
    id: 'zones',
    title: '',
    why: '',
    pipeline: [
      { kind: 'craft', craft: 'copy-zones', input: { from: '/zones', folder: 'files' }, shown: [] },
    ],
    to: { kind: 'log' },
    reader: 'lines',
    outputs: ['files/deep'],
  }
  const state = { version: 1, finished: false, answers: {}, written: {}, steps: {} } as const
  const project: Project = {
    directory: folder,
    kind: 'resumed',
    made: false,
    wasEmpty: false,
    state,
  }
  project.state = { ...state, steps: { zones: (await recordOf(step, project))! } }
  expect(await isRecorded(step, project)).toBe(true)
  writeFileSync(join(folder, 'files/deep/b'), 'one more')
  expect(await isRecorded(step, project)).toBe(false)
  rmSync(join(folder, 'files/deep/b'))
  expect(await isRecorded(step, project)).toBe(true)
  rmSync(join(folder, 'files'), { recursive: true })
  expect(await isRecorded(step, project)).toBe(false)
})

test.skipIf(!existsSync('/etc/machine-id'))(
  'a machine is told by more than its name, which others have too (needs /etc/machine-id)',
  () => {
    const byName = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
    expect(runState(`${byName}-${process.pid}-00`)).toBe('other')
  },
)

test('a run whose process has no number is dead', () => {
  const [host] = newRunId().split('-')
  for (const pid of ['', '0', 'x', '1.5']) expect(runState(`${host}-${pid}-00`), pid).toBe('dead')
  expect(newRunId()).toMatch(new RegExp(`^[0-9a-f]{8}-${process.pid}-[0-9a-f]{8}$`))
  expect(newRunId()).not.toBe(newRunId())
})

test('a journal is attached once, and what comes after its end is left out', async () => {
  const journal = openJournal(folder, {})
  const event = { type: 'step-skipped', step: 's', reason: 'r' } as const
  await journal.close()
  await journal.attach()
  await journal.write([event])
  await journal.attach()
  await journal.write([event, event])
  await journal.close()
  await journal.close()
  await journal.write([event])
  expect(readFileSync(journal.path, 'utf8').trim().split('\n')).toHaveLength(4)
  expect(existsSync(join(folder, '.create-base-image/journal.previous.ndjson'))).toBe(false)
})
