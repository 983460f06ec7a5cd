import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { create } from '../src/app/create.ts'
import { parseFlags } from '../src/ask/flags.ts'
import { givenBy } from '../src/ask/given.ts'
import { SAVED } from '../src/ask/questions/index.ts'
import { readAnswers, savedAnswers } from '../src/ask/saved.ts'
import { ioIn } from './app/io.ts'
import { openRecorder, type Fault } from './recorder/recorder.ts'
import { MINIMAL } from './recorder/plays.ts'

const schemaOf = (name: string): Record<string, unknown> => {
  const path = fileURLToPath(new URL(`../docs/schema/${name}.schema.json`, import.meta.url))
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
}

const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false })
const answersSchema = schemaOf('answers')
const isAnswers = ajv.compile(answersSchema)
const isEvent = ajv.compile(schemaOf('events'))

test('the schema of answers.json has every answer that is saved, and no other', () => {
  const names = new Set([...SAVED.minimal, ...SAVED.full, 'version', '$schema'])
  expect(Object.keys(answersSchema['properties'] as object).sort()).toEqual([...names].sort())
})

test.each([
  [[]],
  [['--program', 'raw:hi', '--engine', 'none', '--arch', 'arm64']],
  [['--libc', 'musl', '--with', 'user,tmp', '--expose', '80', '--env', 'A=b', '--user', '1:2']],
  [['--release', 'bookworm', '--slim', '--include', 'curl', '--label', 'a=b']],
  [['--release', 'alpine', '--entrypoint', '/bin/sh', '--mirror', 'http://mirror.example/a']],
])('the answers of %j are as the schema says', argv => {
  const { answers } = givenBy(parseFlags(argv), '/')
  expect([isAnswers(savedAnswers(answers)), isAnswers.errors]).toEqual([true, null])
})

test.each([
  [{ version: 2 }],
  [{ version: 1, flavour: 'sweet' }],
  [{ version: 1, libc: 'newlib' }],
  [{ version: 1, kind: 'full', program: 'raw' }],
  [{ version: 1, kind: 'minimal', release: 'noble' }],
  [{ version: 1, slim: true }],
])('%j is refused by the schema', answers => {
  expect(isAnswers(answers)).toBe(false)
})

const posix = test.skipIf(process.platform === 'win32')

const eventsOf = async (faults: readonly Fault[], ...argv: string[]): Promise<unknown[]> => {
  const io = ioIn(openRecorder({ plays: MINIMAL, faults }))
  await create(['--yes', '--json', ...argv], io)
  return io.written.out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as unknown)
}

posix(
  'every event of a run that succeeds, and of one that fails, is as the schema says',
  async () => {
    const inContainer = ['--compile-in', 'container']
    const good = await eventsOf([], ...inContainer)
    const bad = await eventsOf([{ to: 'build .', exitCode: 1, stderr: 'no\n' }], ...inContainer)
    const types = [...good, ...bad].map(event => (event as { type: string }).type)
    expect(types).toEqual(expect.arrayContaining(['plan', 'step-done', 'step-failed', 'outcome']))
    for (const event of [...good, ...bad])
      expect([event, isEvent(event), isEvent.errors]).toEqual([event, true, null])
    expect(isEvent({ type: 'step-done', step: 'files' })).toBe(false)
    expect(isEvent({ type: 'something' })).toBe(false)
  },
)

posix('an answers.json that names its schema is read', () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const path = join(recorder.folder, 'answers.json')
  const answers = { $schema: './answers.schema.json', version: 1, program: 'raw' }
  writeFileSync(path, JSON.stringify(answers))
  expect(readAnswers(path).texts).toEqual({ program: 'raw' })
})
