import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, onTestFinished } from 'vitest'
import type { Outcome } from '../../src/run/events.ts'
import { describeEngine, test } from './engine.ts'
import { ownMirror } from './full-mirrors.ts'
import { newNames, outcomeOf, room, runCli } from './run-cli.ts'

const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))
const run = promisify(execFile)

/** Starts a command as the user daemon, who gets a range of IDs in a namespace where the machine's own list is covered. */
const AS_DAEMON = `
set -e
mount --bind "$1" /etc/subuid
mount --bind "$1" /etc/subgid
shift
exec setpriv --reuid daemon --regid daemon --clear-groups "$@"
`

const isRoot = process.getuid?.() === 0
const canBeDaemon = (): boolean =>
  isRoot &&
  ['newuidmap', 'setpriv'].every(
    name => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
  ) &&
  spawnSync('setpriv', ['--reuid', 'daemon', '--clear-groups', process.execPath, BIN, '--version'])
    .status === 0

describeEngine('a full image by the own kernel, where an engine is too', () => {
  const names = newNames()
  afterAll(names.remove)

  test.skipIf(!isRoot || ownMirror() === null)(
    'has the ID that the engine gives it, also when a user without rights makes it',
    { timeout: 600_000 },
    async () => {
      const cwd = await room()
      const mirror = `--mirror=${ownMirror()}`
      const words = ['--yes', '--json', '--release=bookworm', '--no-updates', '--slim', mirror]
      const here = await byKernel(cwd, [...words, '--engine=none', '--tag=here', 'here'])
      expect(here).toMatchObject({ proven: true, packages: { total: 88 } })
      expect(existsSync(join(cwd, 'here/packages.lock'))).toBe(true)
      const there = await runCli([...words, `--tag=${names.tag('by-engine')}`, 'there'], { cwd })
      expect(outcomeOf(there)).toMatchObject({ id: here.id, same: here.id })
    },
  )

  test.skipIf(!isRoot || ownMirror() === null)(
    'leaves no process when it is killed at its work',
    { timeout: 200_000 },
    async () => {
      const words = [BIN, 'rootfs', 'debian:bookworm', '--engine=none', `--mirror=${ownMirror()}`]
      const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      for await (const said of child.stderr)
        if (String(said).includes('configure the required packages')) break
      const started = descendants(child.pid!)
      expect(started.length).toBeGreaterThan(3)
      child.kill('SIGKILL')
      await once(child, 'close')
      for (let tries = 0; tries < 100 && started.some(isAlive); tries++) await delay(200)
      expect(started.filter(isAlive)).toEqual([])
    },
  )
})

/** The outcome of a run as daemon, who may not read the caches of root; as root where daemon can't be. */
const byKernel = async (cwd: string, words: readonly string[]): Promise<Outcome> => {
  const ids = join(cwd, 'ids')
  writeFileSync(ids, 'daemon:700000:65536\n')
  chmodSync(cwd, 0o777)
  const asDaemon = ['unshare', '--mount', 'sh', '-c', AS_DAEMON, 'sh', ids]
  const [program = '', ...args] = [
    ...(canBeDaemon() ? asDaemon : []),
    process.execPath,
    BIN,
    ...words,
  ]
  const env = { PATH: process.env['PATH'], HOME: cwd }
  const { stdout } = await run(program, args, { cwd, env, maxBuffer: 1e8 })
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Outcome
}

/** The processes that one has started, and theirs, by pid and start time. */
const descendants = (pid: number): string[] => {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => statOf(name) ?? [])
  const below = (parent: string): string[] =>
    all.filter(one => one.parent === parent).flatMap(one => [one.id, ...below(one.pid)])
  return below(String(pid))
}

const statOf = (pid: string) => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { pid, parent: fields[1]!, id: `${pid} ${fields[19]}`, isDead: fields[0] === 'Z' }
  } catch {
    return null
  }
}

const isAlive = (id: string): boolean => {
  const now = statOf(id.split(' ')[0]!)
  return now?.id === id && !now.isDead
}
