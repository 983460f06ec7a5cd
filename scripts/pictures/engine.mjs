import { readFileSync } from 'node:fs'

const TRANSCRIPT = new URL(
  '../../test/fixtures/transcripts/apt-get-focal-in-container.txt',
  import.meta.url,
)
const SOURCE = new URL('../../assets/hello.c', import.meta.url)

/**
 * What the stand-in answers in a journey through a container, first time on this engine: a client 28.5 pulls
 * ubuntu:20.04, puts gcc in it as it was recorded, compiles, builds and runs. With `stopsAt` the packages stop there.
 * `pace` is the time between two lines of apt-get, in milliseconds.
 */
export const engine = ({ stopsAt, pace = 0 }) => [
  says('version --format {{json .}}', JSON.stringify(VERSION)),
  says('version', '28.5.2, linux/amd64\n'),
  says('info', JSON.stringify({ OSType: 'linux', Architecture: 'x86_64', Driver: 'overlay2' })),
  { ...says('buildx version', ''), exitCode: 1 },
  says('context', JSON.stringify('unix:///var/run/docker.sock')),
  ...present('ubuntu:20.04', 72_800_000, 1),
  ...present('create-base-image/compiler:', 221_000_000, 1),
  ...present('hello', 871_896, 0),
  { to: 'system dial-stdio', exitCode: 0, chunks: pull(), pace: 4 },
  says('build', 'Step 1/3 : FROM scratch\nStep 2/3 : ADD hello /\nStep 3/3 : CMD ["/hello"]\n'),
  ...['compiler', 'compile', 'run'].map((step, i) => container(step, i)),
  { to: `start --attach ${ID(0)}`, exitCode: 0, pace, ...install(stopsAt) },
  {
    to: `start --attach --interactive ${ID(1)}`,
    exitCode: 0,
    chunks: [['stdout', program().toString('base64'), 'base64']],
  },
  says(`start --attach ${ID(2)}`, greeting()),
  says('inspect', 'exited 0 false\n'),
  says('commit', `sha256:${'c'.repeat(64)}\n`),
  says('rm', ''),
  says('ps', ''),
]

const says = (to, text) => ({ to, exitCode: 0, chunks: [['stdout', text]] })

const VERSION = {
  Client: { Version: '28.5.2', ApiVersion: '1.51' },
  Server: { Version: '28.5.2', ApiVersion: '1.51', Os: 'linux', Arch: 'amd64' },
}

const ID = step => String(step + 1).repeat(64)

const INSPECT = 'image inspect --format {{.Os}}/{{.Architecture}} {{.Id}} {{.Size}}'

/** An image that is missing `missing` times, and then is there. */
const present = (image, bytes, missing) => [
  ...(missing === 0
    ? []
    : [
        {
          to: `${INSPECT} ${image}`,
          times: missing,
          exitCode: 1,
          chunks: [['stderr', 'No such image\n']],
        },
      ]),
  says(`${INSPECT} ${image}`, `linux/amd64 sha256:${'4fa6e0f03bc2'.padEnd(64, '0')} ${bytes}\n`),
]

/** Containers are told apart by the order in which they are made. */
const container = (step, index) => ({ ...says('create', `${ID(index)}\n`), times: index + 1 })

const LAYER = 27_513_034

/** The engine's own stream for a pull of one layer, over HTTP. */
const pull = () => {
  const line = value => ['stdout', `${JSON.stringify({ id: '13b7e930469f', ...value })}\r\n`]
  const share = (status, i) =>
    line({ status, progressDetail: { current: (LAYER * i) / 20, total: LAYER } })
  const parts = Array.from({ length: 20 }, (_, i) => i + 1)
  return [
    ['stdout', 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n'],
    line({ status: 'Pulling from library/ubuntu', id: '20.04' }),
    line({ status: 'Pulling fs layer', progressDetail: {} }),
    ...parts.map(i => share('Downloading', i)),
    line({ status: 'Download complete', progressDetail: {} }),
    ...parts.map(i => share('Extracting', i)),
    line({ status: 'Pull complete', progressDetail: {} }),
    [
      'stdout',
      `${JSON.stringify({ status: 'Status: Downloaded newer image for ubuntu:20.04' })}\r\n`,
    ],
  ]
}

/** apt-get's recorded words, with the status lines that it writes with them. */
const install = stopsAt => {
  const lines = readFileSync(TRANSCRIPT, 'utf8').split('\n')
  const packages = lines.filter(line => line.startsWith('Unpacking ')).length
  const state = { updated: false, files: 0, unpacked: 0 }
  const chunks = []
  for (const line of lines) {
    chunks.push(...told(line, state, packages), ['stderr', `${line}\n`])
    if (state.unpacked === stopsAt) return { chunks, waits: true }
  }
  return { chunks }
}

const told = (line, state, packages) => {
  if (line.startsWith('4 upgraded')) state.updated = true
  if (line.startsWith('Get:')) {
    state.files += state.updated ? 1 : 0
    const file = state.updated ? state.files : Number(/\d+/.exec(line)[0])
    const files = state.updated ? packages : 26
    return [
      [
        'stdout',
        `dlstatus:${file}:${((file / files) * 100).toFixed(4)}:Retrieving file ${file} of ${files}\n`,
      ],
    ]
  }
  const [, name] = /^Unpacking (\S+) /.exec(line) ?? []
  if (name === undefined) return []
  state.unpacked += 1
  const percent = ((state.unpacked / packages) * 66).toFixed(4)
  return [['stdout', `pmstatus:${name}:${percent}:Installing ${name}\n`]]
}

/** A static program's header, and as many bytes as gcc 9 makes of hello.c with glibc, which gzip makes as small. */
const program = () => {
  const bytes = Buffer.alloc(871_896)
  noise(bytes.subarray(0, 378_000))
  bytes.fill(0, 0, 120)
  bytes.write('7f454c46020101', 0, 'hex')
  bytes.writeUInt16LE(2, 16) // an executable
  bytes.writeUInt16LE(62, 18) // for x86-64
  bytes.writeUInt32LE(1, 20)
  bytes.writeBigUInt64LE(0x401000n, 24)
  bytes.writeBigUInt64LE(64n, 32)
  bytes.writeUInt16LE(64, 52)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(1, 56)
  bytes.writeUInt32LE(1, 64) // one segment that is loaded
  bytes.writeUInt32LE(5, 68)
  bytes.writeBigUInt64LE(0x400000n, 80)
  bytes.writeBigUInt64LE(0x400000n, 88)
  bytes.writeBigUInt64LE(871_896n, 96)
  bytes.writeBigUInt64LE(871_896n, 104)
  bytes.writeBigUInt64LE(4096n, 112)
  return bytes
}

/** Bytes that nothing compresses, always the same ones. */
const noise = bytes => {
  let state = 1
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
}

/** What hello.c says, by its own source. */
const greeting = () => {
  const [, text = ''] = /greeting\[\] =\n([^;]*);/.exec(readFileSync(SOURCE, 'utf8')) ?? []
  return [...text.matchAll(/"(.*)"/g)].map(([, part]) => JSON.parse(`"${part}"`)).join('')
}
