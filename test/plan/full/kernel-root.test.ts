import { expect, test } from 'vitest'
import type { Facts } from '../../../src/engine/facts.ts'
import { MachineError, PlainError } from '../../../src/errors.ts'
import { planFor } from '../../../src/plan/plan.ts'
import type { CraftStage, Plan } from '../../../src/plan/types.ts'
import { facts, full, noEngine } from '../minimal/inputs.ts'
import { commands, ids, stepOf } from './inputs.ts'

const READY: Partial<Facts> = { ...noEngine, kernelRoot: { problem: null } }

const BOOKWORM = ['--release=bookworm']

const usual = (argv: readonly string[], change: Partial<Facts> = READY): Plan =>
  planFor(full('--distro=debian', ...argv), facts(change))

const refused = (argv: readonly string[], change: Partial<Facts>): PlainError => {
  try {
    usual(argv, change)
  } catch (error) {
    if (error instanceof MachineError) return error
    throw error
  }
  throw new Error('It was planned.')
}

test('without an engine the own kernel is taken, and what is packed is what an engine would get', () => {
  const plan = usual(BOOKWORM)
  expect(ids(plan)).toEqual(['files', 'index', 'pack', 'unpack', 'run'])
  expect(stepOf(plan, 'pack').why).toContain('kernel')
  const inputOf = (made: Plan, step: string) =>
    (stepOf(made, step).pipeline[0] as CraftStage<'pack-deb'>).input
  const { engine, reference, archive, ...input } = inputOf(plan, 'pack')
  expect([engine, reference]).toEqual([false, 'my-bookworm'])
  expect(archive).toContain('my-bookworm.tar')
  const withEngine = planFor(full('--release=bookworm'), facts())
  expect(inputOf(withEngine, 'make')).toMatchObject(input)
  expect(plan.keeps).toEqual(withEngine.keeps)
})

test('what is shown makes the same root filesystem, also where an engine is', () => {
  expect(commands(usual(BOOKWORM), 'pack')).toEqual(['create-base-image rootfs debian:bookworm'])
  expect(commands(usual([...BOOKWORM, '--engine=none']), 'pack')).toEqual([
    'create-base-image rootfs debian:bookworm --engine none',
  ])
})

test('where the kernel can not, it is said why and what would do', () => {
  const problem = { code: 'no-namespaces', what: 'No IDs.', todo: ['Get some.'], lacks: true }
  const { todo } = refused(BOOKWORM, { ...noEngine, kernelRoot: { problem } })
  expect(todo.join('\n')).toContain(
    "this machine's own kernel, which can't now: No IDs.\nGet some.",
  )
  expect(refused([...BOOKWORM, '--arch=arm64'], READY).todo.join()).toContain('the image arm64')
  expect(refused(BOOKWORM, { ...READY, platform: 'darwin', host: null }).todo.join()).toContain(
    'Linux',
  )
})

test('debootstrap stays debootstrap, and what has ended is not tried by itself', () => {
  expect(
    refused([...BOOKWORM, '--bootstrap=debootstrap'], { ...READY, host: null }).todo.join(),
  ).not.toContain('kernel')
  expect(ids(usual([...BOOKWORM, '--bootstrap=host']))).toContain('bootstrap')
  expect(() => usual(['--release=buster'])).toThrow(MachineError)
  expect(ids(usual(['--release=buster', '--bootstrap=built-in']))).toContain('index')
})
