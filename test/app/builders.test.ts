import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRecorder, type Recorder, type Script } from '../recorder/recorder.ts'
import { main } from '../../src/cli.ts'
import { completedWords } from '../../src/commands/completion/words.ts'
import { splitWords } from '../../src/text/shell-words.ts'
import { ioIn } from './io.ts'

const posix = test.skipIf(process.platform === 'win32')

/** Every command of an addition ends well, and nothing is here yet. */
const WELL = [
  'context ls',
  'context create',
  'context rm',
  '--context arm version',
  'buildx ls',
  'buildx create',
  'buildx inspect',
  'buildx rm',
  'system connection list',
  'system connection add',
  'system connection remove',
  '--connection arm version',
  'farm list',
  'farm create',
  'farm remove',
].map(to => ({ to }))

const open = (script: Script = { faults: WELL }): Recorder => openRecorder(script)

const builders = async (recorder: Recorder, ...argv: string[]) => {
  const io = ioIn(recorder)
  const code = await main(['builders', ...argv], io)
  return { code, ...io.written }
}

/** What the clients were asked, one line each. */
const lines = (recorder: Recorder): string[] =>
  recorder.asked().map(({ program, argv }) => [program, ...argv].join(' '))

const NODE = { Name: 'arm0', Endpoint: 'arm', Status: 'running', Platforms: ['linux/arm64'] }
const ROW = JSON.stringify({ Name: 'farm', Driver: 'docker-container', Nodes: [NODE] })

const HERE: Script = {
  faults: [
    {
      to: 'context ls',
      stdout:
        '{"Name":"default","DockerEndpoint":"unix:///var/run/docker.sock","Current":true}\n{"Name":"arm","DockerEndpoint":"tcp://ada:s3cret@arm:2376"}\n',
    },
    { to: 'buildx ls', stdout: `${ROW}\n${ROW}\n` },
    {
      to: 'system connection list',
      stdout: '[{"Name":"pod","URI":"ssh://ada@pod.example/run/podman.sock","Default":true}]',
    },
    { to: 'farm list', exitCode: 125, stderr: 'Error: unknown command "farm"' },
    ...WELL,
  ],
}

posix('what is here is listed, each builder once, and no password with it', async () => {
  const { code, out } = await builders(open(HERE))
  expect(code).toBe(0)
  expect(out).toContain('  * default   unix:///var/run/docker.sock\n')
  expect(out.match(/farm {3}docker-container/g)).toHaveLength(1)
  expect(out).toContain('arm0   arm   running   linux/arm64\n')
  expect(out).toContain('* pod   ssh://ada@pod.example/run/podman.sock\n')
  expect(out).toContain('Podman farms: not known; podman is not here, or older than 4.9\n')
  expect(out).not.toContain('s3cret')
})

posix('the same as JSON, with null for what could not be asked', async () => {
  const { out } = await builders(open(HERE), '--json')
  expect(JSON.parse(out)).toEqual({
    version: 1,
    contexts: [
      { name: 'default', address: 'unix:///var/run/docker.sock', current: true },
      { name: 'arm', address: 'tcp://ada@arm:2376', current: false },
    ],
    builders: [
      {
        name: 'farm',
        driver: 'docker-container',
        current: false,
        nodes: [{ name: 'arm0', address: 'arm', status: 'running', platforms: ['linux/arm64'] }],
      },
    ],
    connections: [{ name: 'pod', address: 'ssh://ada@pod.example/run/podman.sock', current: true }],
    farms: null,
  })
})

/** The commands of an addition: printed without --run and asked of no client, asked as printed with it. */
const commandsOf = async (argv: readonly string[], script?: Script): Promise<string[]> => {
  const shown = open(script)
  const { code, out } = await builders(shown, ...argv)
  expect(code).toBe(0)
  expect(lines(shown).filter(line => !/ (?:ls|list) /.test(line))).toEqual([])
  const printed = out
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => splitWords(line)!.join(' '))
  const ran = open(script)
  expect((await builders(ran, ...argv, '--run')).code).toBe(0)
  expect(lines(ran).filter(line => !/ (?:ls|list) --/.test(line))).toEqual(printed)
  return printed
}

posix('a second machine by ssh is a context', async () => {
  expect(await commandsOf(['add', 'ssh', 'ada@arm.example'])).toEqual([
    'docker context create arm --docker host=ssh://ada@arm.example',
    'docker --context arm version',
  ])
})

posix('it joins a builder that is here, or one that is made for it', async () => {
  const argv = ['add', 'ssh', 'ada@arm.example:2222', '--join', 'farm']
  const [create, , join, proof] = await commandsOf(argv, HERE)
  expect(create).toBe('docker context create arm --docker host=ssh://ada@arm.example:2222')
  expect(join).toBe(
    'docker buildx create --name farm --append --node arm --driver docker-container arm',
  )
  expect(proof).toBe('docker buildx inspect --bootstrap farm')
  expect((await commandsOf(argv))[2]).toBe(join!.replace(' --append', ''))
})

posix('a builder in Kubernetes has its options, each for the driver as one word', async () => {
  expect(
    await commandsOf(
      'add kubernetes --namespace ci --replicas 4 --rootless --node-selector kubernetes.io/arch=arm64,disk=ssd --arch arm64'.split(
        ' ',
      ),
    ),
  ).toEqual([
    'docker buildx create --name kubernetes --driver kubernetes --driver-opt namespace=ci --driver-opt replicas=4 --driver-opt "nodeselector=kubernetes.io/arch=arm64,disk=ssd" --driver-opt rootless=true --platform linux/arm64',
    'docker buildx inspect --bootstrap kubernetes',
  ])
})

posix('a remote buildkitd has certificates of both sides, and none is made without', async () => {
  const recorder = open()
  const certs = join(recorder.folder, 'certs')
  mkdirSync(certs)
  const add = ['add', 'remote', 'tcp://build.example:1234']
  expect((await builders(recorder, ...add, '--run')).err).toContain('certificates on both sides')
  expect((await builders(recorder, ...add, '--certs', 'certs')).err).toContain('no ca.pem')
  for (const file of ['ca', 'cert', 'key']) writeFileSync(join(certs, `${file}.pem`), '')
  expect(lines(recorder)).toEqual([])
  expect((await builders(recorder, ...add, '--certs', 'certs', '--run')).code).toBe(0)
  expect(lines(recorder)).toEqual([
    `docker buildx create --name remote --driver remote --driver-opt cacert=${certs}/ca.pem --driver-opt cert=${certs}/cert.pem --driver-opt key=${certs}/key.pem tcp://build.example:1234`,
    'docker buildx inspect --bootstrap remote',
  ])
})

posix('Podman has connections, and a farm of them', async () => {
  expect(await commandsOf(['add', 'ssh', 'ada@arm', '--engine', 'podman'])).toEqual([
    'podman system connection add arm ssh://ada@arm',
    'podman --connection arm version',
  ])
  expect(await commandsOf(['add', 'farm', 'laptop,arm'])).toEqual([
    'podman farm create farm laptop arm',
    'podman farm list',
  ])
})

posix(
  'one that does not answer is taken back, the newest first, and what failed is named',
  async () => {
    const recorder = open({
      faults: [
        { to: 'buildx inspect', exitCode: 1, stderr: 'ERROR: context deadline exceeded' },
        ...WELL,
      ],
    })
    const end = await builders(recorder, 'add', 'ssh', 'arm', '--join', 'farm', '--run')
    expect(end.code).toBe(1)
    expect(end.err).toContain('ERROR: context deadline exceeded')
    expect(end.err).toContain('docker buildx inspect --bootstrap farm ended with 1')
    expect(end.err).toContain('was removed')
    expect(lines(recorder).slice(-2)).toEqual([
      'docker buildx rm --force farm',
      'docker context rm --force arm',
    ])
  },
)

posix('a name that is there already is not taken away', async () => {
  const recorder = open({
    faults: [
      { to: 'context create', exitCode: 1, stderr: 'context "arm" already exists' },
      ...WELL,
    ],
  })
  expect((await builders(recorder, 'add', 'ssh', 'arm', '--run')).code).toBe(1)
  expect(lines(recorder)).toEqual(['docker context create arm --docker host=ssh://arm'])
})

posix('what can’t be taken back is told', async () => {
  const recorder = open({
    faults: [{ to: 'buildx inspect', exitCode: 1 }, { to: 'buildx rm', exitCode: 1 }, ...WELL],
  })
  const { err } = await builders(recorder, 'add', 'kubernetes', '--run')
  expect(err).toContain('if it is still there: docker buildx rm --force kubernetes')
})

test('words that make no builder are refused before any client is asked', async () => {
  const recorder = open()
  const refused = [
    ['add'],
    ['add', 'cloud'],
    ['remove', 'ssh'],
    ['--run'],
    ['add', 'ssh'],
    ['add', 'ssh', 'a b'],
    ['add', 'ssh', 'ssh://-oProxyCommand=x'],
    ['add', 'ssh', 'arm', '--replicas', '2'],
    ['add', 'ssh', 'arm', '--name', '-x'],
    ['add', 'ssh', 'arm', '--engine', 'podman', '--join', 'farm'],
    ['add', 'kubernetes', 'arm'],
    ['add', 'kubernetes', '--replicas', '0'],
    ['add', 'kubernetes', '--namespace', 'A b'],
    ['add', 'kubernetes', '--node-selector', 'x=1",rootless=false'],
    ['add', 'kubernetes', '--arch', 'pdp11'],
    ['add', 'remote', 'build.example'],
    ['add', 'farm'],
    ['add', 'farm', '-x'],
  ]
  for (const argv of refused)
    expect([argv, (await builders(recorder, ...argv)).code]).toEqual([argv, 2])
  expect(lines(recorder)).toEqual([])
})

test('Tab knows the kinds', () => {
  const { takes } = completedWords('2026-01-01').find(({ command }) => command === 'builders')!
  expect(takes).toEqual(['add', 'ssh', 'kubernetes', 'remote', 'farm'])
})
