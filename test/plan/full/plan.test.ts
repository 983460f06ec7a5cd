import { expect, test } from 'vitest'
import type { UsageError } from '../../../src/errors.ts'
import { commands, HOST, optionsOf, planOf, stepOf } from './inputs.ts'

test.each([
  ['focal', '/etc/lsb-release', 'DISTRIB_CODENAME=focal'],
  ['stonking', '/etc/lsb-release', 'DISTRIB_CODENAME=stonking'],
  ['bookworm', '/etc/os-release', 'VERSION_CODENAME=bookworm'],
  ['stretch', '/etc/os-release', 'VERSION_CODENAME=stretch'],
  ['jessie', '/etc/os-release', 'VERSION_ID="8"'],
  ['sid', '/etc/os-release', 'ID=debian'],
  ['forky', '/etc/os-release', 'ID=debian'],
])('%s is proven by a line of %s', (release, file, line) => {
  const plan = planOf(['--release', release])
  expect(commands(plan, 'run')[0]).toMatch(new RegExp(` cat ${file}$`))
  expect(stepOf(plan, 'run').mustPrint).toEqual([line])
})

test('one without updates is told of, whoever pays for more', () => {
  const noticesOf = (release: string) => planOf(['--release', release]).notices
  expect(noticesOf('focal')).toEqual([
    expect.stringMatching(/^Ubuntu 20\.04 has had no free security updates since 2025-05-29\./),
  ])
  expect(noticesOf('bullseye')).toEqual([expect.stringContaining('since 2026-08-31')])
  for (const release of ['noble', 'bookworm', 'sid', 'forky', 'stonking'])
    expect(noticesOf(release)).toEqual([])
})

test('a way that a distribution does not have is named, as it may be one of the defaults', () => {
  const noticesOf = (...words: string[]) => planOf(words).notices.join('\n')
  expect(noticesOf('--release', 'alpine', '--bootstrap', 'debootstrap')).toContain(
    'debootstrap does not make Alpine (--bootstrap debootstrap): apk does.',
  )
  expect(noticesOf('--release', 'busybox', '--bootstrap', 'debootstrap')).toContain(
    'debootstrap does not make BusyBox (--bootstrap debootstrap): this tool does.',
  )
  expect(noticesOf('--release', 'busybox', '--bootstrap', 'container')).toContain(
    'No container is used (--bootstrap container)',
  )
  for (const way of ['auto', 'container'])
    expect(noticesOf('--release', 'fedora', '--bootstrap', way)).not.toContain('--bootstrap')
})

test('--offline names another way only where there is one', () => {
  const todo = (release: string): readonly string[] => {
    try {
      planOf(['--release', release, '--bootstrap', 'container', '--offline'])
    } catch (error) {
      return (error as UsageError).todo
    }
    return []
  }
  expect(todo('bookworm')[0]).toContain('or use --bootstrap built-in')
  expect(todo('fedora')).toEqual(['Leave it out: a container makes Fedora.'])
})

test('an ended one is bootstrapped in a newer builder, with the keys that are for it', () => {
  const plan = planOf(['--release', 'buster'])
  expect(commands(plan, 'builder')).toEqual(['docker pull debian:trixie-slim'])
  expect(optionsOf(plan)).toContain('--keyring /usr/share/keyrings/debian-archive-removed-keys.gpg')
  expect(optionsOf(planOf(['--release', 'bookworm'])).join(' ')).not.toContain('--keyring')
})

test('a plan is data: it survives JSON, and the same answers and facts make the same one', () => {
  for (const argv of [['--verify'], HOST]) {
    expect(JSON.parse(JSON.stringify(planOf(argv)))).toEqual(planOf(argv))
    expect(planOf(argv)).toEqual(planOf(argv))
  }
})

test('every step has a title and a why of one to three sentences', () => {
  const none = [...HOST, '--engine', 'none']
  for (const plan of [planOf(['--verify']), planOf(HOST), planOf(none, { engine: null })]) {
    for (const { title, why } of plan.steps) {
      expect(title).toMatch(/^[A-Z]/)
      expect(why.match(/[.](?: |$)/g)?.length ?? 0, why).toBeGreaterThanOrEqual(1)
      expect(why.match(/[.](?: |$)/g)?.length ?? 0, why).toBeLessThanOrEqual(3)
    }
  }
})
