import { expect, test } from 'vitest'
import { probeFacts } from '../../src/engine/probe.ts'
import { LOCAL, machine, NEW_VERSION, probe, says, serverOf } from './machines.ts'

const PODMAN = { 'podman version': says('{"Client":{"APIVersion":"5.8.6","Version":"5.8.6"}}') }

test('Podman alone is recognised, but comes later', async () => {
  const { engine, engineProblem } = await probe(PODMAN)
  expect(engine).toBeNull()
  expect(engineProblem).toMatchObject({ code: 'podman-later', lacks: true })
  expect(engineProblem?.what).toContain('podman load')
})

test('Docker goes before Podman', async () => {
  expect((await probe({ ...LOCAL, ...PODMAN })).engine?.kind).toBe('docker')
})

test('with --engine docker, Podman is not looked for', async () => {
  const { run, asked } = machine(PODMAN)
  const facts = await probeFacts({ engine: 'docker', env: {}, platform: 'darwin', run })
  expect(facts.engineProblem?.code).toBe('no-client')
  expect(asked).not.toContain('podman version')
})

test('--engine podman is answered without asking Docker', async () => {
  const { run, asked } = machine(LOCAL)
  const facts = await probeFacts({ engine: 'podman', env: {}, platform: 'darwin', run })
  expect(facts.engineProblem?.code).toBe('podman-later')
  expect(asked).toEqual([])
})

test('Podman behind a docker client is recognised by the name of the server', async () => {
  const version = serverOf(NEW_VERSION, {
    Components: [{ Name: 'Podman Engine', Version: '4.3.1' }, { Name: 'Conmon' }],
  })
  const facts = await probe({ ...LOCAL, 'docker version': says(version) })
  expect(facts.engine).toBeNull()
  expect(facts.engineProblem?.code).toBe('podman-later')
})

test('Podman under the name docker is recognised by the spelling of its answer', async () => {
  const script = { ...LOCAL, 'docker version': PODMAN['podman version'] }
  expect((await probe(script)).engineProblem?.code).toBe('podman-later')
})

test('with --engine none no engine is asked, and that is no problem', async () => {
  const { run, asked } = machine({ ...LOCAL, ...PODMAN })
  const facts = await probeFacts({ engine: 'none', env: {}, platform: 'linux', run })
  expect(facts).toMatchObject({ engine: null, engineProblem: null })
  expect(asked.filter(command => /docker|podman/.test(command))).toEqual([])
})
