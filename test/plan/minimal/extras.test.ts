import { expect, test } from 'vitest'
import type { Facts } from '../../../src/engine/facts.ts'
import { MachineError } from '../../../src/errors.ts'
import { minimalPlan } from '../../../src/plan/minimal/plan.ts'
import type { Plan, Step } from '../../../src/plan/types.ts'
import { shownCommands } from '../../../src/plan/shown-commands.ts'
import { engine, facts, given, noEngine } from './inputs.ts'

const ALL = ['--with', 'ca-certificates,tzdata,user']
const cc = { compiler: { cc: 'cc', muslGcc: null } }
const raw = ['--program', 'raw']
const plan = (argv: string[], change: Partial<Facts> = {}): Plan =>
  minimalPlan(given(...argv), facts(change))
const ids = ({ steps }: Plan): string[] => steps.map(({ id }) => id)
const step = ({ steps }: Plan, id: string): Step => steps.find(each => each.id === id)!

test('each extra is a step of its own between the program and the image', () => {
  const extras = ['certificates', 'zones', 'user']
  expect(ids(plan([...ALL, ...raw]))).toEqual([
    'engine',
    'files',
    'raw',
    'inspect',
    ...extras,
    'build',
    'run',
  ])
  expect(ids(plan(ALL, { ...noEngine, ...cc }))).toEqual([
    'files',
    'compile',
    'inspect',
    ...extras,
    'pack',
    'unpack',
    'run',
  ])
})

test('without extras nothing but the program is in the image', () => {
  expect(plan(raw).contents).toEqual({ files: ['hello'], tree: null, readyAfter: 'inspect' })
  expect(plan(ALL).contents).toEqual({ files: ['hello'], tree: 'files', readyAfter: 'user' })
})

test('without zones on this machine they come from the builder, fetched once', () => {
  const made = plan(['--with', 'tzdata', ...raw], { zoneinfo: false })
  expect(ids(made).slice(2)).toEqual(['raw', 'inspect', 'builder', 'zones', 'build', 'run'])
  expect(step(made, 'builder').servesOnly).toEqual(['zones'])
  expect(shownCommands(step(made, 'zones'))[0]).toMatch(
    /^docker run --rm --security-opt no-new-privileges ubuntu:20\.04 sh -c .* \| tar --extract /,
  )
})

test('a container that compiles and one for zones share their builder', () => {
  const made = plan(['--with', 'tzdata'], { zoneinfo: false })
  expect(ids(made).filter(id => id === 'builder')).toHaveLength(1)
  expect(step(made, 'builder').servesOnly).toEqual(['compile', 'zones'])
  expect(step(plan(['--with', 'tzdata']), 'builder').servesOnly).toEqual(['compile'])
})

test('zones are fetched for the engine’s own architecture when nothing is compiled for another', () => {
  const other = { zoneinfo: false, engine: { ...engine, arch: 'arm64' } }
  const made = plan(['--with', 'tzdata', '--arch', 'amd64', ...raw], other)
  expect(shownCommands(step(made, 'builder'))).toEqual(['docker pull ubuntu:20.04'])
  expect(shownCommands(step(made, 'build'))[0]).toContain('--platform linux/amd64')
})

test('zones that are nowhere to be had end with exit code 3 and advice', () => {
  const without = (platform: NodeJS.Platform) => (): Plan =>
    plan(['--with', 'tzdata', ...raw], { ...noEngine, zoneinfo: false, platform })
  expect(without('linux')).toThrow(MachineError)
  for (const [platform, advice] of [
    ['linux', /apt-get install --yes tzdata/],
    ['win32', /Start Docker/],
  ] as const) {
    try {
      without(platform)()
      expect.unreachable()
    } catch (error) {
      expect((error as MachineError).todo.join('\n')).toMatch(advice)
    }
  }
})

test('the proof without an engine has the image’s user and environment', () => {
  const privateRoot = {
    kind: 'namespaces' as const,
    command: ['unshare', '--map-user=65534', '--root={root}'],
  }
  const run = (argv: string[]): string[] =>
    shownCommands(step(plan([...argv, ...raw], { ...noEngine, privateRoot }), 'run'))
  expect(run([])).toEqual(['unshare --map-user=65534 --root=.create-base-image/root /hello'])
  expect(run(ALL)).toEqual([
    'env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt unshare --map-user=65532 --root=.create-base-image/root /hello',
  ])
})

test('the archive’s config has the user and environment too', () => {
  const [stage] = step(plan([...ALL, ...raw], noEngine), 'pack').pipeline
  expect(stage).toMatchObject({
    input: {
      tree: 'files',
      env: ['SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
      user: '65532:65532',
    },
  })
})
