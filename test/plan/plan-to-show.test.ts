import { expect, test } from 'vitest'
import { givenBy } from '../../src/ask/given.ts'
import { parseFlags } from '../../src/ask/flags.ts'
import type { Facts } from '../../src/engine/facts.ts'
import { distributions } from '../../src/catalog/distributions.ts'
import { familyOf } from '../../src/plan/full/families/index.ts'
import { planFor } from '../../src/plan/plan.ts'
import { planToShow } from '../../src/plan/plan-to-show.ts'
import type { Plan } from '../../src/plan/types.ts'
import { facts, noEngine } from './minimal/inputs.ts'

const given = (words: readonly string[]) => givenBy(parseFlags(words), '/home/ada')
const shown = (words: readonly string[], change: Partial<Facts> = noEngine): Plan =>
  planToShow(given(words), facts(change))
const every = distributions().map(({ name }) => name)
const needEngine = distributions()
  .filter(one => familyOf(one).builtIn?.configures ?? !familyOf(one).routes.includes('built-in'))
  .map(({ name }) => name)

test.each(every)('the plan of %s is shown without an engine', name => {
  const plan = shown(['--distro', name])
  expect(plan.steps.map(({ id }) => id)).toContain('run')
  const missing = plan.notices.filter(notice => notice.startsWith('Missing here: '))
  expect(missing).toHaveLength(needEngine.includes(name) ? 1 : 0)
})

test.each(needEngine)('what %s lacks is named first, and the run itself refuses', name => {
  const words = ['--distro', name]
  expect(shown(words).notices[0]).toContain('There is no Docker here.')
  expect(() => planFor(given(words), facts(noEngine))).toThrow('an engine is needed')
  // Of a family that debootstrap does not make, nobody is told to try it.
  const hasHost = familyOf(distributions().find(one => one.name === name)!).routes.includes('host')
  expect(shown(words).notices.some(notice => notice.includes('--bootstrap host'))).toBe(hasHost)
})

test('an engine that is forbidden is told, and the plan is the one with it', () => {
  const plan = shown(['--distro', 'fedora', '--engine', 'none'])
  expect(plan.notices[0]).toContain('--engine none forbids one')
  expect(plan.steps.map(({ id }) => id)).toContain('bootstrap')
})

test('Podman is supposed where Podman was asked for', () => {
  const plan = shown(['--distro', 'arch', '--engine', 'podman'])
  expect(plan.next[0]![0]).toBe('podman')
})

test('debootstrap and root are supposed where this machine shall do it', () => {
  const words = ['--release', 'bookworm', '--bootstrap', 'host']
  const plan = shown(words, { ...noEngine, host: { root: null, debootstrap: null } })
  expect(plan.notices[0]).toContain('debootstrap is not installed')
  // Nothing that could be added makes a Mac a Linux.
  expect(() => shown(words, { ...noEngine, platform: 'darwin' })).toThrow('needs Linux')
})

test('a compiler is supposed where this machine shall compile', () => {
  const plan = shown(['--compile-in', 'host'], { compiler: { cc: null, muslGcc: null } })
  expect(plan.notices[0]).toContain("--compile-in host can't be done")
  expect(plan.steps.map(({ id }) => id)).toContain('compile')
})

test('with an engine nothing is missing', () => {
  expect(shown(['--distro', 'fedora'], {})).toEqual(
    planFor(given(['--distro', 'fedora']), facts({})),
  )
})
