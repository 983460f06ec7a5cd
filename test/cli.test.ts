import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const BIN = fileURLToPath(new URL('../bin/create-base-image.js', import.meta.url))
const LINUX = process.platform === 'linux'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cli-'))))
afterEach(() => rmSync(folder, { recursive: true }))

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the shipped command, stdin closed, on a machine whose engine does not answer. */
const cli = (argv: string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise(resolve => {
    const whole = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      DOCKER_HOST: 'unix:///nowhere.sock',
      ...env,
    }
    const child = execFile(
      process.execPath,
      [BIN, ...argv],
      { cwd: folder, env: whole },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
    child.stdin?.end()
  })

/** A PATH on which there is nothing but what is named. */
const pathWith = (...programs: string[]): string => {
  const bin = join(folder, '.bin')
  mkdirSync(bin)
  for (const program of programs) symlinkSync(program, join(bin, program.split('/').at(-1)!))
  return bin
}

const made = (): string[] => readdirSync(folder).filter(name => !name.startsWith('.'))

test('--help and --version print to stdout and win over everything else', async () => {
  const help = await cli(['--tag', 'BAD', '--help'])
  expect([help.code, help.stdout.split('\n')[0]]).toEqual([
    0,
    'create-base-image: from nothing to a Docker base image of your own.',
  ])
  expect((await cli(['-V'])).stdout).toMatch(/^create-base-image \d+\.\d+\.\d+\n$/)
})

test('without --yes nothing happens, and --yes is named', async () => {
  const { code, stderr } = await cli([])
  expect([code, made()]).toEqual([2, []])
  expect(stderr).toContain("Can't ask questions: this is not a terminal.")
  expect(stderr).toContain('create-base-image --yes')
  const json = await cli(['--json'])
  expect(json.stderr).toContain('with --json, a program reads the output')
})

test.each([
  [['--yes', '--tga', 'x'], 'There is no flag --tga.'],
  [['--yes', '--tag', 'My Image'], 'it has capital letters'],
  [['--yes', '--program', 'none.c'], 'there is no file none.c'],
  [['--yes', '--report', 'nowhere/a.html'], 'there is no folder'],
  [['--yes', '--bootstrap', 'root'], 'does not accept "root"'],
  [['--yes', '--release', 'nobel'], 'Did you mean noble'],
  [['--yes', '--kind', 'minimal', '--slim'], '--slim'],
  [['completion'], 'Usage: create-base-image completion bash|zsh|fish|powershell'],
  [['completion', 'tcsh'], 'tcsh'],
  [['help', 'inspct'], 'Did you mean: create-base-image help inspect'],
  [['--yes', '--program', 'raw', '--cmd', 'serve'], 'has no PATH to look for it in'],
  [['--yes', '--program', 'raw', '--user', 'ada'], 'has no user of that name'],
  [['inspct', '--yes'], 'Did you mean the command inspect?'],
  [['DOCTOR', '--yes'], 'Did you mean the command doctor?'],
  [['Pack', '--yes'], 'Did you mean the command pack?'],
  [['--yes', '--engine', 'none', '--output', 'o/'], 'is a folder, and the archive is a file'],
  [['inspect'], 'Usage: create-base-image inspect'],
  [['inspect', 'none'], 'There is no file none.'],
  [['--script', 'perl'], '--script does not accept "perl".'],
])('%j is wrong usage: exit 2, one reason, nothing made', async (argv, reason) => {
  const { code, stdout, stderr } = await cli(argv)
  expect([code, stdout, made()]).toEqual([2, '', []])
  expect(stderr).toContain(reason)
})

test('a folder that is there, has a ./ before it or a short name is no mistyped command', async () => {
  mkdirSync(join(folder, 'inspct'))
  for (const name of ['inspct', './doctr', 'back'])
    expect((await cli([name, '--plan'])).stdout).toContain('Nothing has been done.')
})

test('with --json a refusal is an event too', async () => {
  const { code, stdout } = await cli(['--yes', '--json', '--tag', 'A'])
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'refused',
    exitCode: 2,
    message: expect.stringContaining('capital letters'),
  })
})

test('--engine docker without an engine is exit 3 with a remedy', async () => {
  const { code, stderr } = await cli(['--yes', '--engine', 'docker'])
  expect([code, made()]).toEqual([3, []])
  expect(stderr).toContain('->')
})

test('--plan prints every step with its why and does nothing', async () => {
  const { code, stdout } = await cli(['--plan', '--program', 'raw'])
  expect([code, made()]).toEqual([0, []])
  expect(stdout).toMatch(/^1\. Write the project files$/m)
  expect(stdout).toContain('Nothing has been done.')
})

test('--script prints the script and nothing else', async () => {
  const { code, stdout, stderr } = await cli(['--script', 'dockerfile'])
  expect([code, stderr, made()]).toEqual([0, '', []])
  expect(stdout).toContain('FROM scratch')
})

test.skipIf(!LINUX)(
  'without engine and compiler --yes ends with a proven archive, and again',
  async () => {
    const env = { PATH: pathWith('/usr/bin/unshare', '/usr/sbin/chroot') }
    const first = await cli(['--yes'], env)
    expect(first.code).toBe(0)
    expect(first.stdout).toContain("hello.c can't be compiled here")
    expect(first.stdout).toContain('Hello from your own base image!')
    const archive = readFileSync(join(folder, 'hello/hello.tar'))
    expect((await cli(['--yes'], env)).code).toBe(0)
    expect(readFileSync(join(folder, 'hello/hello.tar')).equals(archive)).toBe(true)
  },
)

test.skipIf(!LINUX)('a pipe gets no escape sequences, a forced colour does', async () => {
  const argv = ['--yes', '--program', 'raw:hi', '--engine', 'none']
  expect((await cli(argv)).stdout).not.toContain('\u001b')
  expect((await cli([...argv, 'two'], { FORCE_COLOR: '1' })).stdout).toContain('\u001b')
  expect((await cli([...argv, 'three', '--no-color'], { FORCE_COLOR: '1' })).stdout).not.toContain(
    '\u001b',
  )
})

test.skipIf(!LINUX)(
  '--json prints events and nothing else, in an order that makes sense',
  async () => {
    const { code, stdout } = await cli([
      '--yes',
      '--json',
      '--engine',
      'none',
      '--program',
      'raw:hi',
    ])
    const events = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string })
    expect(code).toBe(0)
    expect(events[0]).toMatchObject({ type: 'plan', version: 2 })
    expect(events.at(-1)).toMatchObject({ type: 'outcome', proven: true, printed: 'hi\n' })
  },
)

test('inspect tells a program from an archive, and judges both', async () => {
  await cli(['--yes', '--engine', 'none', '--program', 'raw:hi', '--arch', 'arm64'])
  const program = await cli(['inspect', 'hello/hello', '--json'])
  expect([program.code, JSON.parse(program.stdout)]).toMatchObject([
    0,
    { kind: 'elf', elf: { arch: 'arm64' } },
  ])
  const archive = await cli(['inspect', 'hello/hello.tar'])
  expect(archive.code).toBe(0)
  expect(archive.stdout).toContain('linux/arm64')
  writeFileSync(join(folder, 'script'), '#!/bin/sh\n')
  const script = await cli(['inspect', 'script'])
  expect(script.code).toBe(1)
  expect(script.stdout).toContain('/bin/sh')
})

test('pack makes the same image as the journey does', async () => {
  await cli(['--yes', '--engine', 'none', '--program', 'raw:hi'])
  const { code } = await cli(['pack', './hello/hello', '--tag', 'hello', '--output', 'mine.tar'])
  expect(code).toBe(0)
  expect(
    readFileSync(join(folder, 'mine.tar')).equals(readFileSync(join(folder, 'hello/hello.tar'))),
  ).toBe(true)
})

test('a ready program that needs libraries is refused by what it needs, before anything is made', async () => {
  const { code, stderr } = await cli(['--yes', '--engine', 'none', '--program', process.execPath])
  expect([code, made()]).toEqual([2, []])
  expect(stderr).toMatch(/libc\.so\.6|ld-linux|made for macOS|made for Windows/)
})

test('doctor says what is here, and is 3 without an engine', async () => {
  const { code, stdout } = await cli(['doctor', '--json'])
  expect([code, JSON.parse(stdout)]).toMatchObject([3, { version: 1, engine: null }])
})

test.skipIf(!LINUX)('doctor says whether a full image can be made without an engine', async () => {
  const lineOf = (text: string): string =>
    /^Bootstrap on this machine +(.*)$/m.exec(text)?.[1] ?? ''
  const here = await cli(['doctor'])
  expect(lineOf(here.stdout)).toMatch(/^(no|yes): .*debootstrap/)
  const bare = await cli(['doctor'], { PATH: pathWith(process.execPath) })
  const known = existsSync('/usr/sbin/debootstrap')
    ? /^yes: \/usr\/sbin\/debootstrap/
    : /apt-get install/
  expect(lineOf(bare.stdout)).toMatch(known)
})
