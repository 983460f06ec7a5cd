import { expect, test } from 'vitest'
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
