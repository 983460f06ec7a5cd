import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { PullStage } from '../../../src/plan/types.ts'
import type { StageEnd } from '../../../src/run/stage.ts'
import { startPull } from '../../../src/run/stages/pull.ts'

const posix = test.skipIf(process.platform === 'win32')

/** A client that dials an engine which answers with a file, and that pulls by itself when it is told to. */
const CLIENT = `#!/bin/sh
echo "$*" >>"$HOME/asked"
case "$1" in
  system)
    test -e "$HOME/answer" || exit 1
    IFS= read -r first
    echo "$first" >>"$HOME/asked"
    while IFS= read -r line && test "\${#line}" -gt 1; do :; done
    cat "$HOME/answer"
    test -e "$HOME/stays" && exec cat >/dev/null
    exit 0;;
  pull)
    echo pulled; echo 'said by the client' >&2
    test -e "$HOME/stays" && exec sleep 600
    exit 7;;
esac
`

interface Pulled {
  readonly end: StageEnd
  readonly stdout: string
  readonly stderr: string
  readonly asked: readonly string[]
}

interface Played {
  /** What the engine answers; null for a client that can't dial. */
  readonly answer: string | null
  readonly stays?: boolean
  readonly config?: string
  readonly stage?: Partial<PullStage>
  /** Ends it when this has been shown. */
  readonly endAt?: string
}

const UBUNTU: PullStage = {
  kind: 'pull',
  client: 'docker',
  image: 'ubuntu:20.04',
  platform: 'linux/arm64',
}

const pulled = async ({ answer, stays, config, stage, endAt }: Played): Promise<Pulled> => {
  const folder = mkdtempSync(join(tmpdir(), 'pull-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['docker', 'podman']) {
    writeFileSync(join(folder, name), CLIENT)
    chmodSync(join(folder, name), 0o755)
  }
  if (answer !== null) writeFileSync(join(folder, 'answer'), answer)
  if (stays === true) writeFileSync(join(folder, 'stays'), '')
  writeFileSync(join(folder, 'config.json'), config ?? '{}')
  const PATH = `${folder}${delimiter}${process.env['PATH']}`
  const env = { PATH, HOME: folder, DOCKER_CONFIG: folder }
  const running = startPull({ ...UBUNTU, ...stage }, { cwd: folder, env })
  let [stdout, stderr] = ['', '']
  running.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    if (endAt !== undefined && stdout.includes(endAt)) void running.kill()
  })
  running.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()))
  const end = await running.ended
  const log = join(folder, 'asked')
  const asked = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  return { end, stdout, stderr, asked: asked.map(line => line.trim()) }
}

const line = (value: object): string => `${JSON.stringify(value)}\r\n`

const FIRST = line({ status: 'Pulling from library/ubuntu', id: '20.04' })
const LAYER = line({
  status: 'Downloading',
  progressDetail: { current: 10, total: 100 },
  id: 'aaaaaaaaaaaa',
})
const DONE = line({ status: 'Status: Downloaded newer image for ubuntu:20.04' })
const WRONG = line({ errorDetail: { message: 'no space left' }, error: 'no space left' })

const answered = (body: string, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const DIALS = [
  'system dial-stdio',
  'POST /images/create?fromImage=ubuntu&tag=20.04&platform=linux%2Farm64 HTTP/1.1',
]
const BY_CLIENT = 'pull --platform linux/arm64 ubuntu:20.04'

const WELL = { exitCode: 0, note: null }
/** How the client's own pull ends here. */
const CLIENTS = { exitCode: 7, note: null }

posix('a pull is asked of the engine, and its stream is passed on whole', async () => {
  const body = FIRST + LAYER + DONE
  expect(await pulled({ answer: answered(body) })).toEqual({
    end: WELL,
    stdout: body,
    stderr: '',
    asked: DIALS,
  })
})

posix('an image that is there already brings no layer, and its words are passed on', async () => {
  const { end, stdout } = await pulled({ answer: answered(FIRST + DONE) })
  expect({ end, stdout }).toEqual({ end: WELL, stdout: FIRST + DONE })
})

posix('without a platform none is asked for', async () => {
  const { asked } = await pulled({ answer: answered(DONE), stage: { platform: null } })
  expect(asked[1]).toBe('POST /images/create?fromImage=ubuntu&tag=20.04 HTTP/1.1')
})

posix.each<[string, string | null]>([
  ['can not dial', null],
  ['is refused', answered('{"message":"no"}', '404 Not Found')],
  ['is told of a failure before the first layer', answered(FIRST + WRONG)],
  ['is cut off before the first layer', answered(FIRST).replace(/Length: \d+/, 'Length: 999')],
  ['hears what is no HTTP', 'SSH-2.0-OpenSSH\r\n'],
])(
  'a client that %s pulls by itself, and says why it fails in its own words',
  async (_, answer) => {
    const { end, stdout, stderr, asked } = await pulled({ answer })
    expect({ end, stdout, stderr }).toEqual({
      end: CLIENTS,
      stdout: 'pulled\n',
      stderr: 'said by the client\n',
    })
    expect(asked.at(-1)).toBe(BY_CLIENT)
    expect(asked[0]).toBe(DIALS[0])
  },
)

posix(
  'a failure after a layer is told in the words of the engine, and no second try is made',
  async () => {
    expect(await pulled({ answer: answered(FIRST + LAYER + WRONG) })).toEqual({
      end: { exitCode: 1, note: null },
      stdout: FIRST + LAYER + WRONG,
      stderr: 'no space left\n',
      asked: DIALS,
    })
  },
)

posix('an engine that is lost in the midst of a layer is told as that', async () => {
  const body = FIRST + LAYER
  const answer = answered(body).replace(/Length: \d+/, 'Length: 9999')
  const { end, stdout, asked } = await pulled({ answer })
  expect({ end, stdout, asked }).toEqual({
    end: { exitCode: 1, note: 'the connection to the engine was lost' },
    stdout: body,
    asked: DIALS,
  })
})

posix.each<[string, Partial<Played>, string]>([
  ['has credentials', { config: '{"auths":{"docker.io":{}}}' }, BY_CLIENT],
  [
    'is Podman',
    { stage: { client: 'podman' } },
    BY_CLIENT.replace('ubuntu:', 'docker.io/library/ubuntu:'),
  ],
])('a client that %s pulls by itself at once', async (_, change, command) => {
  const { end, asked } = await pulled({ answer: answered(DONE), ...change })
  expect({ end, asked }).toEqual({ end: CLIENTS, asked: [command] })
})

posix('a stop ends the client that dials, and no other is started', async () => {
  const answer = answered(FIRST + LAYER).replace(/Length: \d+/, 'Length: 9999')
  const { end, asked } = await pulled({ answer, stays: true, endAt: 'Downloading' })
  expect(end.exitCode).not.toBe(0)
  expect(asked).toEqual(DIALS)
})

posix('a stop ends the client that pulls by itself', async () => {
  const { end, asked, stdout } = await pulled({ answer: null, stays: true, endAt: 'pulled' })
  expect(end.exitCode).toBeNull()
  expect(stdout).toBe('pulled\n')
  expect(asked.at(-1)).toBe(BY_CLIENT)
})
