import { expect, test } from 'vitest'
import { NAMED, STAGE } from './container-stage.ts'
import type { ContainerStage } from '../../../src/plan/types.ts'
import { attachCommand, commitCommand, createCommand } from '../../../src/run/stages/container.ts'

test('a container is made with its name, its run, no log and an init', () => {
  const made = (change: Partial<ContainerStage>) => createCommand({ ...STAGE, ...change }, NAMED)
  const harness = [
    '--name',
    'own-name',
    '--label',
    'create-base-image=run-1',
    '--log-driver',
    'none',
  ]
  const rest = ['--network', 'none', 'ubuntu:20.04', 'work', 'hard']
  expect(made({})).toEqual(['docker', 'create', ...harness, '--init', ...rest])
  // A proof's is just as a person's would be.
  expect(made({ plain: true })).toEqual(['docker', 'create', ...harness, ...rest])
  const podman = made({ client: 'podman' })
  expect(podman.slice(0, 12)).toEqual([
    'podman',
    'create',
    ...harness,
    '--stop-timeout',
    '0',
    '--pull',
    'never',
  ])
  expect(podman.slice(-5)).toEqual(rest)
})

test('what is kept loses the proxies and the run, and has what the plan changes', () => {
  expect(commitCommand(STAGE, 'own-name', String)).toBeNull()
  const keepAs = { image: 'kept:1', changes: ['LABEL role=compiler'] }
  const proxies = ['http', 'https', 'ftp', 'all', 'no'].flatMap(name => [
    `ENV ${name}_proxy=`,
    `ENV ${name.toUpperCase()}_PROXY=`,
  ])
  expect(commitCommand({ ...STAGE, keepAs }, 'own-name', String)).toEqual([
    'docker',
    'commit',
    ...['LABEL role=compiler', ...proxies, 'LABEL create-base-image='].flatMap(change => [
      '--change',
      change,
    ]),
    'own-name',
    'kept:1',
  ])
})

test('one that reads is attached with its stdin', () => {
  expect(attachCommand(STAGE, 'c')).toEqual(['docker', 'start', '--attach', 'c'])
  expect(attachCommand({ ...STAGE, options: ['--interactive'] }, 'c')).toEqual([
    'docker',
    'start',
    '--attach',
    '--interactive',
    'c',
  ])
})
