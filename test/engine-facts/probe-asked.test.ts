import { afterEach, expect, test, vi } from 'vitest'
import { probeBuilders } from '../../src/engine/builders.ts'
import { probeFacts, type ProbeOptions } from '../../src/engine/probe.ts'
import type { ProbeCommand, RunProbe } from '../../src/engine/run-probe.ts'
import { LOCAL, machine, NEW_VERSION, probe, says, serverOf } from './machines.ts'

afterEach(() => void vi.useRealTimers())

/** A machine on which every command ends well with these words; keeps what it was asked. */
const willing = (stdout = '') => {
  const asked: ProbeCommand[] = []
  const run: RunProbe = command => {
    asked.push(command)
    return Promise.resolve(says(stdout))
  }
  return { run, asked, lines: () => asked.map(({ program, args }) => [program, ...args].join(' ')) }
}

const STATIC = '-static -x c - -o probe'
const UNSHARE =
  'unshare --user --map-user=65534 --map-group=65534 --mount --pid --fork --kill-child --net --ipc --uts --root=/ --wd=/ true'

test('just these commands look at a machine, with these words', async () => {
  const { run, lines, asked } = willing()
  const env = { PATH: '/bin' }
  const more = { push: true, cosign: true, alwaysPrivateRoot: true, kernelRoot: true }
  const cross = { arm64: 'aarch64-linux-gnu-gcc' }
  await probeFacts({ engine: 'docker', env, platform: 'linux', run, cross, ...more })
  const kernel = asked.find(({ program }) => program === 'sh')!
  expect([kernel.args[0], ...kernel.args.slice(2)]).toEqual(['-c', 'sh', 'probe'])
  expect(
    lines()
      .filter(line => !line.startsWith('sh '))
      .toSorted(),
  ).toEqual([
    `aarch64-linux-gnu-gcc ${STATIC}`,
    `cc ${STATIC}`,
    'chroot --userspec=65534:65534 / true',
    'cosign sign --help',
    'docker buildx version',
    'docker context inspect --format {{json .Endpoints.docker.Host}}',
    'docker info --format {{json .}}',
    'docker version --format {{json .}}',
    `musl-gcc ${STATIC}`,
    'script --version',
    'skopeo --version',
    UNSHARE,
  ])
  for (const { program, env: given } of asked)
    expect(given, program).toMatchObject({ PATH: '/bin' })
})

test('a private root is tried as it will be used', async () => {
  const { run } = willing()
  const facts = await probeFacts({ engine: 'none', env: {}, platform: 'linux', run, libcs: [] })
  expect(facts.privateRoot?.command.join(' ')).toBe(
    UNSHARE.replace('--root=/ --wd=/ true', '--root={root} --wd=/'),
  )
  expect(facts).not.toHaveProperty('kernelRoot')
  expect(facts).not.toHaveProperty('skopeo')
  expect(facts).not.toHaveProperty('cosign')
})

test('Podman is asked by its own words', async () => {
  const { run, lines } = willing()
  await probeFacts({ engine: 'podman', env: {}, platform: 'darwin', run })
  expect(lines().toSorted()).toEqual(['podman info --format json', 'podman version --format json'])
})

test('clang is the last compiler that is tried', async () => {
  const { run, asked } = machine({ clang: says('') })
  const found = await probeFacts({ engine: 'none', env: {}, platform: 'linux', run })
  expect(found.compiler.cc).toBe('clang')
  expect(asked.filter(name => /^(?:cc|gcc|clang)$/.test(name))).toEqual(['cc', 'gcc', 'clang'])
})

test('where an engine answers, no private root is looked for unless it is asked for', async () => {
  const asks = async (change: Partial<ProbeOptions>) => {
    const { run, asked } = machine(LOCAL)
    await probeFacts({ engine: 'docker', env: {}, platform: 'linux', run, libcs: [], ...change })
    return asked.filter(line => /^(?:unshare|chroot|sh)/.test(line)).toSorted()
  }
  expect(await asks({})).toEqual([])
  expect(await asks({ alwaysPrivateRoot: true })).toEqual(['chroot', 'unshare'])
})

test.each([
  ['cosign sign --use-signing-config', 0, { asksForServices: true }],
  ['cosign sign --key', 0, { asksForServices: false }],
  ['--use-signing-config', 1, null],
])('what cosign takes is read off its help: %j', async (help, exitCode, found) => {
  const { run } = machine({ 'cosign sign': says(help, exitCode) })
  const probed = await probeFacts({
    engine: 'none',
    env: {},
    platform: 'darwin',
    run,
    cosign: true,
  })
  expect(probed.cosign).toEqual(found)
})

test.each([
  [0, true],
  [1, false],
])('skopeo that ends with %d is there: %s', async (exitCode, there) => {
  const { run } = machine({ skopeo: says('', exitCode) })
  const found = await probeFacts({ engine: 'none', env: {}, platform: 'darwin', run, push: true })
  expect(found.skopeo).toBe(there)
})

test.each([
  ['script from util-linux 2.38.1', 'linux', true],
  ['BusyBox v1.36.1', 'linux', undefined],
  ['script from util-linux 2.38.1', 'darwin', undefined],
] as const)('%s on %s gives a push its terminal: %s', async (version, platform, there) => {
  const { run } = machine({ script: says(version, 0) })
  const found = await probeFacts({ engine: 'none', env: {}, platform, run, push: true, libcs: [] })
  expect(found.script).toBe(there)
})

test.each([
  ['unix:///run/docker.sock', 5000],
  ['ssh://ann@build.example', 15_000],
])('a client of an engine at %s has %d milliseconds', async (DOCKER_HOST, limit) => {
  vi.useFakeTimers()
  const run: RunProbe = () => new Promise(() => undefined)
  let isOver = false
  const env = { DOCKER_HOST }
  const facts = probeFacts({ engine: 'docker', env, platform: 'darwin', run }).then(found => {
    isOver = true
    return found
  })
  await vi.advanceTimersByTimeAsync(limit - 1)
  expect(isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect((await facts).engineProblem?.code).toBe('no-answer')
})

test.each([
  [{ ApiVersion: '1.51' }, { ApiVersion: '1.52' }, '1.51'],
  [{}, { ApiVersion: '1.52' }, '1.52'],
  [{}, {}, ''],
])('client %j and server %j speak the API %j', async (client, server, apiVersion) => {
  const all = JSON.stringify({ Client: client, Server: { Os: 'linux', ...server } })
  const { engine } = await probe({ ...LOCAL, 'docker version': says(all) })
  expect(engine).toMatchObject({ apiVersion, clientVersion: '', serverVersion: '' })
})

test('what an engine does not tell is taken from its info, and else is the usual', async () => {
  const told = { Os: undefined, Components: undefined }
  const version = says(serverOf(NEW_VERSION, told))
  const info = says(JSON.stringify({ OSType: 'windows' }))
  const script = { ...LOCAL, 'docker version': version }
  expect((await probe(script)).engine).toMatchObject({ os: 'linux', serverName: 'Engine' })
  const facts = await probe({ ...script, 'docker info': info }, { platform: 'win32' })
  expect(facts.engineProblem?.code).toBe('windows-containers')
})

test('an engine that refuses in words nobody knows is told by its first error', async () => {
  const refused = async (stderr: string) => {
    const script = { ...LOCAL, 'docker version': says('', 1, stderr), 'docker info': says('', 1) }
    const { engineProblem } = await probe(script)
    expect(engineProblem?.code).toBe('engine-refused')
    return engineProblem!.what
  }
  expect(await refused('\nWARNING: odd\nError: out of ink\n')).toContain('Error: out of ink')
  expect(await refused('\n  odd\nodder\n')).toContain('odd')
  expect(await refused('')).toContain('nothing')
})

test('builders are asked for by these commands, and their time is half a minute', async () => {
  const { run, lines } = willing('[]')
  await probeBuilders({}, undefined, run)
  expect(lines()).toEqual([
    'docker context ls --format {{json .}}',
    'docker buildx ls --format {{json .}}',
    'podman system connection list --format json',
    'podman farm list --format json',
  ])
  vi.useFakeTimers()
  let isOver = false
  const hanging = probeBuilders({}, undefined, () => new Promise(() => undefined)).then(found => {
    isOver = true
    return found
  })
  await vi.advanceTimersByTimeAsync(29_999)
  expect(isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(await hanging).toEqual({ contexts: null, builders: null, connections: null, farms: null })
})

test('builders are read off a list or lines; what is no text or list counts as none', async () => {
  const run: RunProbe = ({ args: [first, second] }) =>
    Promise.resolve(
      says(
        first === 'context'
          ? '{"Name":"a","DockerEndpoint":"ssh://me:word@a","Current":true}\n\n{"Name":7}\n'
          : second === 'ls'
            ? '[{"Name":"b","Driver":"docker","Nodes":[{"Name":"b0","Platforms":["linux/arm64",5]}]}]'
            : first === 'farm'
              ? '[{"Name":"f","Connections":["c"],"Default":true},{"Name":"g"}]'
              : 'no JSON',
      ),
    )
  expect(await probeBuilders({}, undefined, run)).toEqual({
    contexts: [
      { name: 'a', address: 'ssh://me@a', current: true },
      { name: '', address: '', current: false },
    ],
    builders: [
      {
        name: 'b',
        driver: 'docker',
        current: false,
        nodes: [{ name: 'b0', address: '', status: '', platforms: ['linux/arm64', ''] }],
      },
    ],
    connections: null,
    farms: [
      { name: 'f', connections: ['c'], current: true },
      { name: 'g', connections: [], current: false },
    ],
  })
})
