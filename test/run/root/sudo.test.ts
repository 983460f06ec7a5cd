import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RootStage } from '../../../src/plan/types.ts'
import { ensureSudo, keepSudo, sudoError } from '../../../src/run/root/sudo.ts'
import { open } from '../../terminal/terminal.ts'
import { bundleChild, room } from './root-room.ts'

const has = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0
const canPlay = process.getuid?.() === 0 && has('unshare', '--mount', 'true') && has('sudo', '-V')
const canHash = canPlay && has('openssl', 'version')

let folder: string
let child: string
let nap: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cbi-sudo-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'rootfs'))
  child = await bundleChild(folder)
  nap = `${3600 + Math.floor(Math.random() * 1e6)}.${process.pid}`
})
afterEach(() => rmSync(folder, { recursive: true }))

const stageOf = (...args: string[]): string =>
  JSON.stringify({ kind: 'root', sudo: true, args, below: 'rootfs' } satisfies RootStage)

/** Runs the child as an ordinary user for whom this is in sudoers, without a terminal. */
const played = (sudoers: string, verb: string, stage: string) => {
  const [program, ...args] = [
    ...room(folder, sudoers),
    process.execPath,
    child,
    verb,
    folder,
    stage,
  ]
  return { program, args }
}

const napping = (): string[] =>
  execFileSync('ps', ['-eo', 'user:20,args'], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes(nap))

const FREE = 'pat ALL=(ALL) NOPASSWD: ALL'

test('what to tell, by what sudo said', () => {
  const words = (said: string, asked = false): string => {
    const { message, todo, exitCode } = sudoError(said, asked)
    expect(exitCode).toBe(3)
    return [message, ...todo].join(' ')
  }
  expect(words('sudo: a password is required\n')).toBe(
    'sudo needs a password, and there is nobody to ask. Run it as root, or give this user passwordless sudo, or leave --bootstrap host out.',
  )
  expect(words('sudo: interactive authentication is required')).toMatch(/needs a password/)
  expect(words('sudo: a password is required', true)).toMatch(/forgets the password at once/)
  expect(words('pat is not in the sudoers file.\n')).toMatch(
    /does not let you run this as root: pat is not in the sudoers file\. Run it as root/,
  )
  expect(words('')).toMatch(/did not say why/)
})

test.skipIf(process.platform === 'win32')('a machine without sudo says so', async () => {
  const options = { interactive: true, env: { PATH: folder } }
  await expect(ensureSudo(options)).rejects.toThrow('There is no sudo on this machine')
})

test.skipIf(process.platform === 'win32')(
  'what sudo remembers is renewed every 50 s without asking, until the end',
  async () => {
    writeFileSync(join(folder, 'sudo'), '#!/bin/sh\nprintf "%s " "$@" >>"$LOG"\n', { mode: 0o755 })
    const log = join(folder, 'log')
    const renewed = (): number =>
      existsSync(log) ? readFileSync(log, 'utf8').split('-n -v ').length - 1 : 0
    const waits: number[] = []
    const end = new AbortController()
    const wait = async (milliseconds: number): Promise<void> => {
      waits.push(milliseconds)
      if (waits.length === 3) end.abort()
    }
    const env = { ...process.env, LOG: log, PATH: `${folder}:${process.env['PATH']}` }
    keepSudo(end.signal, env, wait)
    await vi.waitFor(() => expect(waits).toHaveLength(3), 10_000)
    expect(waits).toEqual([50_000, 50_000, 50_000])
    expect([renewed(), readFileSync(log, 'utf8')]).toEqual([3, '-n -v -n -v -n -v '])
  },
)

test.each(['', 'Defaults use_pty\n'])(
  'without a password it is ready, and the program runs as root (needs root, sudo) %j',
  { skip: !canPlay },
  sudoers => {
    const script = 'id -u; head -c 100000 /dev/zero | tr "\\0" "\\377"; exit 5'
    const { program, args } = played(sudoers + FREE, 'script', stageOf('sh', '-c', script))
    const { stdout } = spawnSync(program, args, { encoding: 'latin1' })
    expect(stdout.replaceAll('\xff', '')).toBe('ready\n0\n{"exitCode":5,"note":null}\n')
    expect(stdout.split('\xff')).toHaveLength(100_001)
  },
)

// sudo -v wants a password as soon as one rule of the user does.
test.skipIf(!canPlay)(
  'a rule that wants a password beside one that does not is no hindrance',
  () => {
    const { program, args } = played(`pat ALL=(ALL) ALL\n${FREE}`, 'script', '')
    expect(spawnSync(program, args, { encoding: 'utf8' }).stdout).toBe('ready\n')
  },
)

test.each([
  ['pat ALL=(ALL) ALL', /needs a password, and there is nobody to ask/],
  ['root ALL=(ALL) ALL', /needs a password|does not let you/],
  ['pat ALL=(ALL) NOPASSWD: /bin/true', /needs a password|does not let you/],
])('in a script, %j ends with words (needs root, sudo)', { skip: !canPlay }, (sudoers, words) => {
  const { program, args } = played(sudoers, 'script', '')
  const { stdout, status } = spawnSync(program, args, { encoding: 'utf8' })
  expect(stdout).toMatch(words)
  expect(status).toBe(3)
})

test.skipIf(!canPlay)('an ordinary user stops what runs as root (needs root, sudo)', async () => {
  const script = 'trap : TERM; setsid sleep "$1" & while :; do sleep "$1"; done'
  const { program, args } = played(FREE, 'stop', stageOf('sh', '-c', script, 'sh', nap))
  const running = spawn(program, args)
  let said = ''
  running.stdout.on('data', chunk => (said += String(chunk)))
  await vi.waitFor(() => expect(napping().length).toBeGreaterThan(4), 5000)
  expect(napping().filter(line => line.startsWith('root'))).not.toEqual([])
  await new Promise(resolve => running.on('exit', resolve))
  expect(said).toBe('{"exitCode":null,"note":null}\n')
  expect(napping()).toEqual([])
})

test.skipIf(!canPlay)('an ordinary user who is killed leaves no root behind', async () => {
  const { program, args } = played(FREE, 'start', stageOf('sleep', nap))
  const running = spawn(program, args)
  await vi.waitFor(() => expect(napping().length).toBeGreaterThan(3), 5000)
  running.kill('SIGKILL')
  await vi.waitFor(() => expect(napping()).toEqual([]), 5000)
})

const typed = (sudoers: string, ...rest: string[]) => {
  const hash = execFileSync('openssl', ['passwd', '-6', 'open sesame'], { encoding: 'utf8' }).trim()
  const [program = '', ...words] = room(folder, `pat ALL=(ALL) ALL\n${sudoers}`, hash)
  return open(program, [...words, process.execPath, child, 'ask', folder, ...rest])
}

test.each(['', 'Defaults use_pty'])(
  'a password given at the terminal holds for what runs then (needs root, sudo, openssl) %j',
  { skip: !canHash },
  async sudoers => {
    const terminal = typed(sudoers, stageOf('sh', '-c', 'echo I am $(id -un)'))
    await terminal.waitFor(/password for pat/)
    terminal.write('open sesame\r')
    const screen = await terminal.waitFor(/exitCode/)
    expect(screen).toMatch(/ready\s+I am root\s+{"exitCode":0,"note":null}/)
    expect(await terminal.exit()).toBe(0)
  },
)

test.skipIf(!canHash)('a person who gives no password is not told twice', async () => {
  const terminal = typed('Defaults passwd_tries=1')
  await terminal.waitFor(/password for pat/)
  terminal.write('wrong\r')
  await terminal.waitFor(/refused/)
  expect(await terminal.exit()).toBe(0)
})

test.skipIf(!canHash)('a sudo that forgets at once is told', async () => {
  const terminal = typed('Defaults timestamp_timeout=0')
  await terminal.waitFor(/password for pat/)
  terminal.write('open sesame\r')
  await terminal.waitFor(/forgets the password/)
  expect(await terminal.exit()).toBe(3)
})

test.each(['', 'Defaults use_pty'])(
  "a terminal's Ctrl-C does not reach the program (needs root, sudo, openssl) %j",
  { skip: !canHash },
  async sudoers => {
    const script = 'trap "echo heard" INT; echo begins; sleep 2; echo ends'
    const terminal = typed(sudoers, stageOf('sh', '-c', script))
    await terminal.waitFor(/password for pat/)
    terminal.write('open sesame\r')
    await terminal.waitFor(/begins/)
    terminal.write('\u0003')
    expect(await terminal.waitFor(/exitCode/)).toMatch(/ends\s+{"exitCode":0/)
    expect(terminal.screen()).not.toMatch(/heard/)
  },
)
