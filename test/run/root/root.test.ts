import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RootStage } from '../../../src/plan/types.ts'
import { plainWord } from '../../../src/plan/shown-commands.ts'
import { shownRoot } from '../../../src/plan/root-words.ts'
import { ROOT_SCRIPT } from '../../../src/run/root/root-script.ts'
import type { Running } from '../../../src/run/stage.ts'
import { rootCommand, startRoot } from '../../../src/run/stages/root.ts'
import { bundleChild } from './root-room.ts'

const linux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0
const canMount =
  linux && isRoot && spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0

let folder: string
/** A duration that no other process sleeps for, by which ours are found. */
let nap: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cbi root-'))
  mkdirSync(join(folder, 'rootfs'))
  nap = `${3600 + Math.floor(Math.random() * 1e6)}.${process.pid}`
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

const stageOf = (args: readonly string[], more: Partial<RootStage> = {}): RootStage => ({
  kind: 'root',
  sudo: false,
  args,
  below: 'rootfs',
  ...more,
})

const start = (args: readonly string[], more: Partial<RootStage> = {}): Running =>
  startRoot(stageOf(args, more), {
    cwd: folder,
    env: process.env,
    assets: 'assets',
    resolve: plainWord,
  })

const textOf = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const run = async (args: readonly string[], more: Partial<RootStage> = {}) => {
  const running = start(args, more)
  const [stdout, stderr, end] = await Promise.all([
    textOf(running.stdout),
    textOf(running.stderr),
    running.ended,
  ])
  return { stdout, stderr: stderr.toString(), ...end }
}

const napping = (): string[] =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes(nap))

/** A program with a child in another session that does not end when it is asked to. */
const STUBBORN = `trap : TERM; setsid sh -c 'trap : TERM; while :; do sleep "$1"; done' sh "$1" & while :; do sleep "$1"; done`

const isNapping = () => vi.waitFor(() => expect(napping().length).toBeGreaterThan(3), 5000)

test('the exact list holds the constant text, then the folder, then the program with its harness', () => {
  const stage = stageOf(['debootstrap', 'noble', 'rootfs'], { harness: ['--force-check-gpg'] })
  const words = ['sh', '-c', ROOT_SCRIPT, 'sh', 'rootfs', 'debootstrap', '--force-check-gpg']
  expect(rootCommand(stage, null, plainWord)).toEqual([...words, 'noble', 'rootfs'])
  expect(rootCommand({ ...stage, sudo: true }, null, plainWord).slice(0, 4)).toEqual([
    'sudo',
    '-n',
    '--',
    'sh',
  ])
  expect(shownRoot({ ...stage, sudo: true }, plainWord).join(' ')).toBe(
    'sudo debootstrap noble rootfs',
  )
  expect(shownRoot(stage, plainWord).join(' ')).toBe('debootstrap noble rootfs')
})

test.skipIf(!linux)(
  'wget has a bound of its own for silence, by a file that has no name',
  async () => {
    const { stdout } = await run(['sh', '-c', 'cat "$WGETRC" && cat "$WGETRC" && ls -l "$WGETRC"'])
    const text = stdout.toString()
    expect(text.match(/^timeout = 30$/gm)).toHaveLength(2)
    expect(text).toContain('(deleted)')
  },
)

test.skipIf(!linux)('a login and the proxies go to it where nobody else sees them', async () => {
  const words = [
    'sh',
    '-c',
    'cat "$WGETRC" && echo "$http_proxy" && tr "\\0" " " </proc/$PPID/cmdline',
  ]
  const running = startRoot(stageOf(words), {
    cwd: folder,
    env: { ...process.env, http_proxy: 'http://ada:b3rlin@proxy.example:3128' },
    assets: 'assets',
    resolve: plainWord,
    secretInput: 'user = ada\npassword = s3cret\n',
  })
  const [said] = await Promise.all([textOf(running.stdout), textOf(running.stderr), running.ended])
  const [login, ...rest] = said.toString().split('http://ada:b3rlin@proxy.example:3128\n')
  expect(login).toMatch(/^user = ada\npassword = s3cret\n/)
  expect(rest).toHaveLength(1)
  expect(rest.join()).not.toMatch(/s3cret|b3rlin/)
})

test("an asset's text travels as an argument, and is shown as the file", () => {
  const stage = stageOf(['sh', 'pack.sh', '--rootfs', 'rootfs'], { sudo: true, asset: 'pack.sh' })
  expect(rootCommand(stage, 'echo hello', plainWord).slice(-6)).toEqual([
    'sh',
    '-c',
    'echo hello',
    'sh',
    '--rootfs',
    'rootfs',
  ])
  expect(shownRoot(stage, plainWord).join(' ')).toBe('sudo sh pack.sh --rootfs rootfs')
})

test('the text for the program inside is not cut by a quote in it', () => {
  expect(ROOT_SCRIPT.split("'")).toHaveLength(3)
})

test.skipIf(!linux)('bytes, words and the exit code pass through untouched', async () => {
  const bytes = await run(['head', '-c', '300000', '/dev/zero'])
  expect(bytes.stdout.equals(Buffer.alloc(300_000))).toBe(true)
  expect(bytes).toMatchObject({ exitCode: 0, note: null, stderr: '' })
  const words = await run(['sh', '-c', 'printf "%s|" "$@" >&3; exit 7', 'sh', 'a b', "c'd", '$e'])
  expect(words).toMatchObject({ exitCode: 7, stderr: "a b|c'd|$e|" })
  expect((await run(['sh', '-c', 'cat | wc -c'])).stdout.toString().trim()).toBe('0')
  // 126 where a folder of PATH may not be looked into.
  expect([126, 127]).toContain((await run(['no-such-program'])).exitCode)
})

test.skipIf(!linux)('a program that is gone leaves no watcher and no child behind', async () => {
  const end = await run(['sh', '-c', 'setsid sleep "$1" & exit 3', 'sh', nap])
  expect(end.exitCode).toBe(3)
  expect(napping()).toEqual([])
})

test.skipIf(!linux)('a stop ends all that it started, also what refuses', async () => {
  const running = start(['sh', '-c', STUBBORN, 'sh', nap])
  await isNapping()
  const before = Date.now()
  // Nobody reads its output: that must not hold it up.
  await running.kill()
  expect(Date.now() - before).toBeGreaterThan(900)
  expect(Date.now() - before).toBeLessThan(5000)
  expect(await running.ended).toEqual({ exitCode: null, note: null })
  expect(napping()).toEqual([])
})

test.skipIf(!linux)('while it waits it takes no processor time', async () => {
  const running = start(['sleep', nap])
  await vi.waitFor(() => expect(napping().length).toBeGreaterThan(1), 5000)
  await delay(200)
  const before = ticksOf(napping())
  await delay(1000)
  expect(ticksOf(napping()) - before).toBeLessThanOrEqual(1)
  await running.kill()
})

const ticksOf = (lines: readonly string[]): number =>
  lines
    .map(line => readFileSync(`/proc/${line.trim().split(' ')[0]}/stat`, 'utf8'))
    .map(stat => stat.slice(stat.lastIndexOf(')')).split(' '))
    .reduce((sum, fields) => sum + Number(fields[12]) + Number(fields[13]), 0)

test.skipIf(!linux)('when we are killed, nothing of it is left', async () => {
  const child = spawn(process.execPath, [
    await bundleChild(folder),
    'start',
    folder,
    JSON.stringify(stageOf(['sh', '-c', STUBBORN, 'sh', nap])),
  ])
  await isNapping()
  child.kill('SIGKILL')
  await vi.waitFor(() => expect(napping()).toEqual([]), 5000)
})

test.skipIf(!linux)('one that does not end is given up after ten seconds', async () => {
  // It stands in for sudo, which could not be signalled.
  const path = join(folder, 'sudo')
  writeFileSync(path, '#!/bin/sh\nexec sleep "$NAP"\n', { mode: 0o755 })
  const running = startRoot(stageOf(['true'], { sudo: true }), {
    cwd: folder,
    env: { ...process.env, NAP: nap, PATH: `${folder}:${process.env['PATH']}` },
    assets: 'assets',
    resolve: plainWord,
  })
  await vi.waitFor(() => expect(napping()).toHaveLength(1), 5000)
  try {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const killed = running.kill()
    vi.advanceTimersByTime(10_000)
    await killed
    expect((await running.ended).note).toMatch(/may still be running as root/)
    expect(running.stdout.destroyed).toBe(true)
  } finally {
    process.kill(Number(napping()[0]?.trim().split(' ')[0]))
  }
})

test.skipIf(!canMount)('without namespaces it finds its children too (needs root)', async () => {
  const words = rootCommand(stageOf(['sh', '-c', STUBBORN, 'sh', nap]), null, plainWord)
  const weak = ['--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin']
  const child = spawn('setpriv', [...weak, ...words], { cwd: folder })
  child.stdin.write('\n')
  await isNapping()
  expect(napping().some(line => line.includes('CREATE_BASE_IMAGE_ROOT'))).toBe(true)
  child.stdin.end()
  const code = await new Promise(resolve => child.on('exit', resolve))
  expect(code).toBe(143)
  expect(napping()).toEqual([])
})

const mountsBelow = (path: string): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[4] ?? '')
    .filter(point => point.startsWith(path.replaceAll(' ', '\\040')))

test.skipIf(!canMount)(
  'what it mounts is not seen here, and gone in the end (needs root)',
  async () => {
    mkdirSync(join(folder, 'rootfs/proc'))
    const script = 'mount -t proc proc rootfs/proc && test -e rootfs/proc/self && sleep "$1"'
    const running = start(['sh', '-c', script, 'sh', nap])
    await vi.waitFor(() => expect(napping().length).toBeGreaterThan(2), 5000)
    expect(mountsBelow(folder)).toEqual([])
    await running.kill()
    expect(existsSync(join(folder, 'rootfs/proc/self'))).toBe(false)
  },
)

/** Runs lines of shell where mounts are nobody else's; `$@` is the exact list of a stage that does nothing. */
const amongMounts = (lines: string): string =>
  execFileSync(
    'unshare',
    ['--mount', 'sh', '-ec', lines, 'sh', ...rootCommand(stageOf(['true']), null, plainWord)],
    { cwd: folder, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'], timeout: 20_000 },
  )

test.skipIf(!canMount)(
  'what was mounted below before goes, busy or not; the rest stays (needs root)',
  () => {
    // Others may work in such a folder too; ours has a space in its name, which is written otherwise there.
    const left = amongMounts(`
    exec 8>rootfs-file
    mkdir -p rootfs2 rootfs; mount -t tmpfs own rootfs; mount -t tmpfs other rootfs2
    mkdir -p 'rootfs/a b\\c/d' rootfs/busy
    mount -t tmpfs x 'rootfs/a b\\c'; mkdir -p 'rootfs/a b\\c/d'; mount -t tmpfs x 'rootfs/a b\\c/d'
    mount -t tmpfs x 'rootfs/a b\\c/d'; mount -t tmpfs x rootfs/busy; exec 7>rootfs/busy/file
    { echo; cat /dev/zero; } | "$@"
    cut -d' ' -f5 /proc/self/mountinfo | grep -F "\${PWD##* }/rootfs"`)
    expect(
      left
        .trim()
        .split('\n')
        .map(line => line.replace(/^.*\//, '')),
    ).toEqual(['rootfs', 'rootfs2'])
  },
)

test.skipIf(!canMount)(
  'a folder that leads to the root directory unmounts nothing (needs root)',
  () => {
    rmSync(join(folder, 'rootfs'), { recursive: true })
    symlinkSync('/', join(folder, 'rootfs'))
    // Not those of others below other folders, which may go meanwhile.
    const count = "cut -d' ' -f5 /proc/self/mountinfo | grep -cE '^/(proc|sys|dev)?($|/)'"
    const counts = amongMounts(`${count}; { echo; cat /dev/zero; } | "$@"; ${count}`)
    const [before, after] = counts.trim().split('\n')
    expect(Number(before)).toBeGreaterThan(3)
    expect(after).toBe(before)
  },
)
