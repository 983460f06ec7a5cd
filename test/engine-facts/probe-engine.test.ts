import { expect, test } from 'vitest'
import { probeFacts } from '../../src/engine/probe.ts'
import {
  BUILDX_LINES,
  INFO_28_CONTAINERD,
  LOCAL,
  MISSING,
  NEW_VERSION,
  NO_BUILDX,
  OLD_VERSION,
  probe,
  says,
  serverOf,
} from './machines.ts'

test('a local engine is described by what its client prints', async () => {
  const { engine, engineProblem } = await probe(LOCAL)
  expect(engineProblem).toBeNull()
  expect(engine).toEqual({
    kind: 'docker',
    client: 'docker',
    clientVersion: '28.2.2',
    serverVersion: '20.10.24+dfsg1',
    apiVersion: '1.41',
    serverName: 'Engine',
    os: 'linux',
    arch: 'amd64',
    rootless: false,
    store: 'classic',
    builder: 'classic',
    buildxVersion: null,
    remote: false,
  })
})

test('the containerd store is recognised by its driver', async () => {
  const { engine } = await probe({ ...LOCAL, 'docker info': says(INFO_28_CONTAINERD) })
  expect(engine?.store).toBe('containerd')
})

test('a rootless engine is recognised by its security options', async () => {
  const info = JSON.stringify({
    SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
  })
  expect((await probe({ ...LOCAL, 'docker info': says(info) })).engine?.rootless).toBe(true)
})

test('an engine whose info does not come is still an engine', async () => {
  const { engine } = await probe({ ...LOCAL, 'docker info': says('', 1, 'timeout') })
  expect(engine).toMatchObject({ arch: 'amd64', store: 'classic', rootless: false })
})

test('an engine that does not name its architecture is known by its kernel', async () => {
  const version = serverOf(NEW_VERSION, { Arch: '' })
  const info = JSON.stringify({ Architecture: 'aarch64' })
  const script = { ...LOCAL, 'docker version': says(version), 'docker info': says(info) }
  expect((await probe(script)).engine?.arch).toBe('arm64')
})

test.each([
  ['unix:///var/run/docker.sock', false],
  ['npipe:////./pipe/dockerDesktopLinuxEngine', false],
  ['tcp://127.0.0.1:2375', true],
  ['tcp://192.0.2.7:2376', true],
  ['ssh://ann@build.example', true],
])('an engine at %s is remote: %s', async (host, remote) => {
  const { engine } = await probe({ ...LOCAL, 'docker context inspect': says(JSON.stringify(host)) })
  expect(engine?.remote).toBe(remote)
})

test('without an answer about the context, DOCKER_HOST tells whether the engine is remote', async () => {
  const { 'docker context inspect': _, ...script } = LOCAL
  const env = { DOCKER_HOST: 'ssh://ann@build.example' }
  expect((await probe(script, { env })).engine?.remote).toBe(true)
  expect((await probe(script)).engine?.remote).toBe(false)
})

test.each([
  ['28.2', null, undefined, 'classic'],
  ['28.2', null, '1', 'classic'],
  ['28.2', BUILDX_LINES[0], undefined, 'buildkit-json'],
  ['28.2', BUILDX_LINES[1], undefined, 'buildkit-json'],
  ['28.2', 'github.com/docker/buildx v0.12.1 30feaa1', undefined, 'buildkit-plain'],
  ['28.2', 'github.com/docker/buildx v1.0.0 abc', undefined, 'buildkit-json'],
  ['28.2', BUILDX_LINES[1], '0', 'classic'],
  ['28.2', 'buildah 1.43.2', undefined, 'classic'],
  ['20.10', null, undefined, 'classic'],
  ['20.10', null, '1', 'buildkit-plain'],
  // A client this old builds with its own BuildKit, buildx or not.
  ['20.10', BUILDX_LINES[1], undefined, 'buildkit-plain'],
] as const)(
  'client %s with buildx %s and DOCKER_BUILDKIT %s builds by %s',
  async (client, buildx, asked, builder) => {
    const script = {
      ...LOCAL,
      'docker version': says(client === '28.2' ? NEW_VERSION : OLD_VERSION),
      'docker buildx version': buildx ? says(`${buildx}\n`) : NO_BUILDX,
    }
    const env = asked === undefined ? {} : { DOCKER_BUILDKIT: asked }
    expect((await probe(script, { env })).engine?.builder).toBe(builder)
  },
)

test('the recording holds the two versions of buildx that are probed here', () => {
  expect(BUILDX_LINES.map(line => line.split(' ')[1])).toEqual(['0.13.1+ds1', '0.29.1+ds1'])
})

test('the version of buildx has no leading v', async () => {
  const buildx = says('github.com/docker/buildx v0.20.1-desktop.2 1a2b3c\n')
  const { engine } = await probe({ ...LOCAL, 'docker buildx version': buildx })
  expect(engine?.buildxVersion).toBe('0.20.1-desktop.2')
})

test.each([
  ['linux', 'engine/install'],
  ['darwin', 'mac-install'],
  ['win32', 'windows-install'],
] as const)('on %s without docker the person learns how to install it', async (platform, page) => {
  const facts = await probe({}, { platform })
  expect(facts.engine).toBeNull()
  expect(facts.engineProblem).toMatchObject({ code: 'no-client', lacks: true })
  expect(facts.engineProblem?.todo.join()).toContain(page)
})

test('a 20.10 client without an engine has none, although docker info exits 0', async () => {
  const text =
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'
  const { Client } = JSON.parse(OLD_VERSION) as { readonly Client: object }
  const facts = await probe(
    {
      ...LOCAL,
      'docker version': says(JSON.stringify({ Client, Server: null }), 1, text),
      'docker info': says(JSON.stringify({ ServerErrors: [text] })),
    },
    { platform: 'linux' },
  )
  expect(facts.engine).toBeNull()
  expect(facts.engineProblem).toMatchObject({ code: 'no-daemon', lacks: true })
  expect(facts.engineProblem?.todo.join()).toContain('sudo systemctl start docker')
})

test('Docker Desktop that is not started on Windows is to be started', async () => {
  const text =
    'error during connect: Get "http://%2F%2F.%2Fpipe%2FdockerDesktopLinuxEngine/v1.50/version": open //./pipe/dockerDesktopLinuxEngine: The system cannot find the file specified.'
  const facts = await probe(
    { ...LOCAL, 'docker version': says('{"Client":{"Version":"28.2.2"},"Server":null}', 1, text) },
    { platform: 'win32' },
  )
  expect(facts.engineProblem?.code).toBe('no-daemon')
  expect(facts.engineProblem?.todo.join()).toContain('Start menu')
})

test('on Linux inside Windows the advice is about Docker Desktop on Windows', async () => {
  const facts = await probe({}, { platform: 'linux', env: { WSL_DISTRO_NAME: 'Ubuntu' } })
  expect(facts.engineProblem?.todo.join()).toContain('WSL integration')
})

test('an engine set to Windows containers is refused', async () => {
  const version = serverOf(NEW_VERSION, { Os: 'windows' })
  const facts = await probe({ ...LOCAL, 'docker version': says(version) }, { platform: 'win32' })
  expect(facts.engine).toBeNull()
  expect(facts.engineProblem).toMatchObject({ code: 'windows-containers', lacks: true })
})

test('an engine that finds the client too old is told as such', async () => {
  const text =
    'Error response from daemon: client version 1.41 is too old. Minimum supported API version is 1.44'
  const facts = await probe({ ...LOCAL, 'docker version': says('', 1, text) })
  expect(facts.engineProblem?.code).toBe('too-old')
})

test('a failure that nobody knows is passed on in its own words', async () => {
  const facts = await probe({
    ...LOCAL,
    'docker version': says('', 2, '\npanic: out of luck\nmore'),
  })
  expect(facts.engineProblem).toMatchObject({ code: 'engine-refused', lacks: true })
  expect(facts.engineProblem?.what).toContain('panic: out of luck')
})

test('a run that throws counts as a program that is not there', async () => {
  const run = () => Promise.reject(new Error('spawn failed'))
  const facts = await probeFacts({ engine: 'auto', env: {}, platform: 'linux', run })
  expect(facts).toMatchObject({
    engine: null,
    compiler: { cc: null, muslGcc: null },
    privateRoot: null,
  })
  expect(facts.engineProblem?.code).toBe('no-client')
})

test('facts survive being written as JSON', async () => {
  const facts = await probe({ ...LOCAL, 'podman version': MISSING })
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
})
