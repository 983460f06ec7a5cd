import { expect, test } from 'vitest'
import { BootstrapError } from '../../src/bootstrap/errors.ts'
import type { BootstrapCode } from '../../src/bootstrap/errors.ts'
import { plainOf } from '../../src/commands/root-failure.ts'
import { MachineError } from '../../src/errors.ts'
import type { RunContext } from '../../src/run/context.ts'
import { remedyFor } from '../../src/run/remedy-for.ts'
import type { Step } from '../../src/plan/types.ts'

const step = { pipeline: [] } as unknown as Step
const context = { facts: { engine: null }, remedy: () => null } as unknown as RunContext
const lacks = (code: string): boolean | undefined =>
  remedyFor(step, context, { exitCode: null, message: 'It failed.', lastLines: [], todo: [], code })
    ?.lacks

test.each<readonly [BootstrapCode, boolean]>([
  ['unreachable', true],
  ['stalled', true],
  ['proxy-refused', true],
  ['disk-full', true],
  ['offline-lacks', true],
  ['not-found', false],
  ['signature-wrong', false],
  ['include-unknown', false],
])('%s is for want of something on the machine: %s, in a run and in rootfs alike', (code, is) => {
  expect(lacks(code)).toBe(is)
  expect(plainOf(new BootstrapError(code, 'It failed.')) instanceof MachineError).toBe(is)
})

const failure = { exitCode: 1, message: 'It ended.', lastLines: ['one', 'two'] }

/** What the engine's words are looked up by. */
const askedFor = (change: Partial<Step>, how: object = {}) => {
  const asked: unknown[] = []
  const seen = {
    facts: { engine: { client: 'docker' } },
    remedy: (text: string, more: object) => {
      asked.push([text, more])
      return null
    },
  } as unknown as RunContext
  remedyFor({ ...step, ...change }, seen, { ...failure, ...how })
  return asked[0]
}

const command = (program: string) => ({ kind: 'command', program, args: [] }) as const

test('the last lines and the message are looked up, with whose words they can be', () => {
  const text = 'one\ntwo\nIt ended.'
  const compiler = { voice: 'compiler', pipeline: [command('docker')] } as const
  const registry = { voice: 'registry', pipeline: [command('docker')] } as const
  expect(askedFor(compiler)).toEqual([
    text,
    { alone: false, archive: false, builderStep: true, voice: 'compiler' },
  ])
  // An engine's own exit codes: its program has said nothing.
  for (const exitCode of [125, 126, null])
    expect(askedFor(compiler, { exitCode })).toEqual([
      text,
      { alone: false, archive: false, builderStep: true },
    ])
  expect(askedFor(compiler, { exitCode: 124 })).toMatchObject([text, { voice: 'compiler' }])
  expect(askedFor(registry, { exitCode: null })).toEqual([
    text,
    { alone: false, archive: false, builderStep: false, voice: 'registry' },
  ])
  expect(askedFor({ pipeline: [command('docker')] })).toEqual([
    text,
    { alone: false, archive: false, builderStep: false },
  ])
})

test.each<[string, Step['pipeline'], boolean]>([
  ['a command of this machine', [command('sh')], true],
  ['the client', [command('docker')], false],
  ['one of them', [command('sh'), command('docker')], false],
  [
    'a craft',
    [{ kind: 'craft', craft: 'write-certificates', input: { file: 'x' }, shown: [] }],
    true,
  ],
  ['root', [{ kind: 'root', sudo: true, args: [], below: 'x' }], true],
  ['a pull', [{ kind: 'pull', client: 'docker', image: 'x', platform: null }], false],
])('%s has no part of an engine in it: %s', (_, pipeline, alone) => {
  expect(askedFor({ pipeline })).toMatchObject([expect.any(String), { alone }])
})

const known = { code: 'push-login', what: 'It wants a login.', todo: ['Log in.'], lacks: true }
const knowing = { ...context, remedy: () => known } as unknown as RunContext

test('what is known comes first, but for a login whose registry the step knows', () => {
  const advised = {
    ...step,
    todo: ['Look there.'],
    todoFor: { 'push-login': ['Log in there.'] },
  }
  expect(remedyFor(step, knowing, failure)).toEqual(known)
  expect(remedyFor(advised, knowing, failure)).toEqual({ ...known, todo: ['Log in there.'] })
  const other = { ...known, code: 'no-space' }
  const full = { ...context, remedy: () => other } as unknown as RunContext
  expect(remedyFor(advised, full, failure)).toEqual(other)
  expect(remedyFor(advised, context, failure)).toEqual({
    code: 'step-failed',
    what: 'It ended.',
    lacks: false,
    todo: ['Look there.'],
  })
  expect(remedyFor(step, context, failure)).toBeNull()
})

test.each([
  ['SIGKILL', true, ', as Linux does when memory runs out'],
  ['SIGTERM', false, ''],
])('a program that %s ended did not say why', (signal, isLack, more) => {
  expect(remedyFor(step, knowing, { ...failure, signal })).toEqual({
    code: 'ended-by-signal',
    what: 'It ended.',
    lacks: isLack,
    todo: [
      `Something on this machine ended it with ${signal}${more}.`,
      'Run the same command again: it continues from here.',
    ],
  })
})

test('what the step knows is said where a craft advises nothing', () => {
  const advised = { ...step, todoFor: { 'include-unknown': ['Look there.'] } }
  const own = { ...failure, code: 'include-unknown' }
  expect(remedyFor(advised, context, { ...own, todo: [] })?.todo).toEqual(['Look there.'])
  expect(remedyFor(advised, context, { ...own, todo: ['Name it.'] })?.todo).toEqual(['Name it.'])
  expect(remedyFor(step, context, { ...own, todo: [] })?.todo).toEqual([])
})

test('what a craft advises comes before all, and a full disk is of the machine', () => {
  const own = { ...failure, code: 'no-space', todo: ['Make room.'], signal: 'SIGKILL' }
  expect(remedyFor(step, knowing, own)).toEqual({
    code: 'no-space',
    what: 'It ended.',
    lacks: true,
    todo: ['Make room.'],
  })
})
