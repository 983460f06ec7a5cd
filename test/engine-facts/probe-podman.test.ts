import { expect, test } from 'vitest'
import { probeFacts } from '../../src/engine/probe.ts'
import { LOCAL, machine, MISSING, NEW_VERSION, probe, says, serverOf } from './machines.ts'

/** What podman 4.3.1 of Debian 12 printed, less what is not read. */
const INFO = {
  host: {
    arch: 'amd64',
    os: 'linux',
    security: { rootless: false, seccompEnabled: true },
    serviceIsRemote: false,
  },
  version: { APIVersion: '4.3.1', Version: '4.3.1', OsArch: 'linux/amd64' },
}
const SHIM = says('{"Client":{"APIVersion":"5.8.6","Version":"5.8.6","OsArch":"linux/amd64"}}')
const infoOf = (host: object) => says(JSON.stringify({ ...INFO, host: { ...INFO.host, ...host } }))
const PODMAN = { 'podman info': says(JSON.stringify(INFO)), 'podman version': SHIM }
const NO_MACHINE =
  'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`, or try `podman machine init` and `podman machine start` to manage a new Linux VM\nError: unable to connect to Podman socket: failed to connect: dial tcp 127.0.0.1:49846: connect: connection refused'
const NOT_RUNNING =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'
const STOPPED = {
  ...LOCAL,
  'docker version': says('{"Client":{"Version":"28.2.2"},"Server":null}', 1, NOT_RUNNING),
}

test('Podman alone is the engine, described by what its client prints', async () => {
  const { engine, engineProblem } = await probe(PODMAN)
  expect(engineProblem).toBeNull()
  expect(engine).toEqual({
    kind: 'podman',
    client: 'podman',
    clientVersion: '5.8.6',
    serverVersion: '4.3.1',
    apiVersion: '4.3.1',
    serverName: 'Podman Engine',
    os: 'linux',
    arch: 'amd64',
    rootless: false,
    store: 'classic',
    builder: 'podman',
    buildxVersion: null,
    remote: false,
  })
})

test('rootless Podman, and one for another architecture, are known as such', async () => {
  const info = infoOf({ arch: 'arm64', security: { rootless: true } })
  const { engine } = await probe({ ...PODMAN, 'podman info': info })
  expect(engine).toMatchObject({ rootless: true, arch: 'arm64' })
})

test.each([
  [{}, true],
  [{ CONTAINER_HOST: 'ssh://core@127.0.0.1:49846/run/podman.sock' }, true],
  [{ CONTAINER_HOST: 'unix:///run/podman/podman.sock' }, false],
])('a service is remote unless its socket is here: with %j %s', async (env, remote) => {
  const script = { ...PODMAN, 'podman info': infoOf({ serviceIsRemote: true }) }
  expect((await probe(script, { env })).engine?.remote).toBe(remote)
})

test('a client that does not tell its version is as old as its engine', async () => {
  const { engine } = await probe({ ...PODMAN, 'podman version': says('', 125) })
  expect(engine?.clientVersion).toBe('4.3.1')
})

test('Docker goes before Podman, which is not even asked then', async () => {
  const { run, asked } = machine({ ...LOCAL, ...PODMAN })
  const facts = await probeFacts({ engine: 'auto', env: {}, platform: 'darwin', run })
  expect(facts.engine?.kind).toBe('docker')
  expect(asked.filter(command => command.startsWith('podman'))).toEqual([])
})

test('Podman takes the place of a Docker that does not answer', async () => {
  expect((await probe({ ...STOPPED, ...PODMAN })).engine?.kind).toBe('podman')
})

test.each([{ DOCKER_HOST: 'unix:///var/run/docker.sock' }, { DOCKER_CONTEXT: 'work' }])(
  'but not the place of one that %j names',
  async env => {
    const { engine, engineProblem } = await probe({ ...STOPPED, ...PODMAN }, { env })
    expect(engine).toBeNull()
    expect(engineProblem?.code).toBe('no-daemon')
  },
)

test('what DOCKER_HOST names matters to no one where there is no docker command', async () => {
  const env = { DOCKER_HOST: 'unix:///run/user/1000/podman/podman.sock' }
  expect((await probe(PODMAN, { env })).engine?.kind).toBe('podman')
})

test('with --engine docker, Podman is not looked for', async () => {
  const { run, asked } = machine(PODMAN)
  const facts = await probeFacts({ engine: 'docker', env: {}, platform: 'darwin', run })
  expect(facts.engineProblem?.code).toBe('no-client')
  expect(asked.filter(command => command.startsWith('podman'))).toEqual([])
})

test('--engine podman is answered without asking Docker', async () => {
  const { run, asked } = machine({ ...LOCAL, ...PODMAN })
  const facts = await probeFacts({ engine: 'podman', env: {}, platform: 'darwin', run })
  expect(facts.engine?.kind).toBe('podman')
  expect(asked.filter(command => command.startsWith('docker'))).toEqual([])
})

const BEHIND_DOCKER = {
  'Podman behind a docker client': says(
    serverOf(NEW_VERSION, { Components: [{ Name: 'Podman Engine', Version: '4.3.1' }] }),
  ),
  'Podman under the name docker': SHIM,
}

test.each(Object.entries(BEHIND_DOCKER))('%s is driven by its own client', async (_, version) => {
  const script = { ...LOCAL, 'docker version': version }
  for (const engine of ['auto', 'docker'] as const) {
    expect((await probe({ ...script, ...PODMAN }, { engine })).engine?.client).toBe('podman')
    const without = await probe(script, { engine })
    expect(without.engine).toBeNull()
    expect(without.engineProblem).toMatchObject({ code: 'podman-client', lacks: true })
  }
})

test.each(['darwin', 'win32'] as const)('on %s its machine is to be started', async platform => {
  const script = { 'podman info': says('', 125, NO_MACHINE), 'podman version': SHIM }
  const { engineProblem } = await probe(script, { platform, engine: 'podman' })
  expect(engineProblem).toMatchObject({ code: 'podman-machine', lacks: true })
  expect(engineProblem?.todo.join()).toContain('podman machine start')
})

test('where both fail, the problem of what is installed is told', async () => {
  const unstarted = { 'podman info': says('', 125, NO_MACHINE) }
  const codeOf = async (script: Parameters<typeof probe>[0], engine?: 'podman') =>
    (await probe(script, engine === undefined ? {} : { engine })).engineProblem?.code
  expect(await codeOf({})).toBe('no-client')
  expect(await codeOf({}, 'podman')).toBe('no-podman')
  expect(await codeOf(unstarted)).toBe('podman-machine')
  expect(await codeOf(STOPPED)).toBe('no-daemon')
  expect(await codeOf({ ...STOPPED, ...unstarted })).toBe('no-daemon')
  expect(await codeOf({ ...LOCAL, 'docker version': SHIM, ...unstarted })).toBe('podman-machine')
})

test('a failure that nobody knows is passed on by its line of error, not by a warning before it', async () => {
  const text = 'time="2026-11-23" level=warning msg="rootless"\nError: out of luck'
  const facts = await probe({ 'podman info': says('', 125, text) }, { engine: 'podman' })
  expect(facts.engineProblem).toMatchObject({ code: 'engine-refused', lacks: true })
  expect(facts.engineProblem?.what).toContain('Error: out of luck')
})

test('a Podman that prints no facts is none', async () => {
  const facts = await probe({ ...PODMAN, 'podman info': says('null') }, { engine: 'podman' })
  expect(facts.engineProblem?.code).toBe('engine-refused')
})

test('a podman that hangs is given up', async () => {
  const { run } = machine({})
  const facts = await probeFacts({
    engine: 'podman',
    env: {},
    platform: 'darwin',
    run: (command, signal) =>
      command.program === 'podman' ? new Promise(() => undefined) : run(command, signal),
    limit: 50,
  })
  expect(facts.engineProblem).toMatchObject({ code: 'no-answer', lacks: true })
  expect(facts.engineProblem?.todo.join()).toContain('podman info')
})

test('with --engine none no engine is asked, and that is no problem', async () => {
  const { run, asked } = machine({ ...LOCAL, ...PODMAN })
  const facts = await probeFacts({ engine: 'none', env: {}, platform: 'linux', run })
  expect(facts).toMatchObject({ engine: null, engineProblem: null })
  expect(asked.filter(command => /docker|podman/.test(command))).toEqual([])
})

test('facts of Podman survive being written as JSON', async () => {
  const facts = await probe({ ...PODMAN, 'docker version': MISSING })
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
})
