import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest'
import type { Event } from '../../src/run/events.ts'
import { describeEngine, test } from './engine.ts'
import {
  containersOf,
  eventsOf,
  newNames,
  outcomeOf,
  room,
  runCli,
  runOf,
  startCli,
  stepsDone,
  type Cli,
  type CliEnd,
} from './run-cli.ts'
import { shim } from './shim.ts'

const FOREVER = `#include <stdio.h>
#include <unistd.h>
int main(void) { puts("at work"); fflush(stdout); for (;;) pause(); }
`

/** Below the ten seconds that an engine gives a container to end, which nobody shall wait for; in milliseconds. */
const PATIENCE = 8000

const says =
  (step: string, words: RegExp) =>
  (event: Event): boolean =>
    (event.type === 'output' && event.step === step && words.test(event.line)) ||
    (event.type === 'progress' && event.step === step && words.test(event.text ?? ''))

/** When to stop, and whether the compiler must not be there yet. */
const moments: readonly (readonly [string, boolean, (cli: Cli) => Promise<unknown>])[] = [
  ['while the engine is asked', false, cli => cli.started('engine')],
  ['while the project files are written', false, cli => cli.started('files')],
  ['at the start of the compiler step', true, cli => cli.started('compiler')],
  ['while packages come', true, cli => cli.event(says('compiler', /^Retrieving .* of \d\d/))],
  ['while packages are unpacked', true, cli => cli.event(says('compiler', /^Unpacking/))],
  ['at the start of the compile step', false, cli => cli.started('compile')],
  ['while the program is inspected', false, cli => cli.started('inspect')],
  ['at the start of the build', false, cli => cli.started('build')],
  ['while the proof runs', false, cli => cli.event(says('run', /^at work$/))],
]

describeEngine('stopping', () => {
  const names = newNames()
  let prepared = ''

  const words = (builder: string, tag = 'stop'): readonly string[] => [
    '--yes',
    '--json',
    '--compile-in=container',
    `--builder=${builder}`,
    `--tag=${names.tag(tag)}`,
    'project',
  ]

  /** A program that never ends, so that no run is over before its signal comes. */
  const forever = async (builder: string): Promise<readonly string[]> => {
    const program = join(await room(), 'forever.c')
    writeFileSync(program, FOREVER)
    return [...words(builder), '--program', program]
  }

  beforeAll(async () => {
    prepared = await names.builder('prepared')
    const cwd = await mkdtemp(join(tmpdir(), 'cbi-cli-'))
    outcomeOf(await runCli(words(prepared), { cwd }))
    await rm(cwd, { recursive: true })
  }, 400_000)
  afterAll(() => names.remove())

  test.for(moments)(
    'Ctrl-C %s leaves nothing behind',
    { timeout: 400_000 },
    async ([title, fresh, moment]) => {
      const cwd = await room()
      const builder = fresh ? await names.builder(title.replaceAll(' ', '-')) : prepared
      const cli = startCli(await forever(builder), { cwd })
      await moment(cli)
      await expectStop(cli, cwd)
    },
  )

  test.for([
    ['made', 'create', false],
    ['started', 'start', false],
    ['kept as an image', 'commit', true],
  ] as const)(
    'Ctrl-C while a container is being %s leaves nothing behind',
    { timeout: 400_000 },
    async ([, command, fresh]) => {
      const cwd = await room()
      const docker = shim(await room(), command)
      const builder = fresh ? await names.builder(`at-${command}`) : prepared
      const cli = startCli(await forever(builder), { cwd, env: docker.env })
      await docker.called()
      await expectStop(cli, cwd)
    },
  )

  test.skipIf(!(process.env.DOCKER_HOST ?? 'unix:').startsWith('unix:'))(
    'Ctrl-C while a registry does not answer leaves nothing behind (needs an engine on this machine)',
    async () => {
      const registry = createServer(socket => void socket.on('error', () => undefined))
      registry.listen(0, '127.0.0.1')
      await once(registry, 'listening')
      onTestFinished(() => void registry.close())
      const { port } = registry.address() as AddressInfo
      const cwd = await room()
      const cli = startCli(await forever(`127.0.0.1:${port}/${names.prefix}:1`), { cwd })
      await cli.started('builder')
      await once(registry, 'connection')
      await expectStop(cli, cwd)
    },
  )

  test('Ctrl-C of a terminal, which reaches the whole process group, ends no client before us', async () => {
    const cwd = await room()
    const cli = startCli(await forever(prepared), { cwd })
    await cli.event(says('run', /^at work$/))
    await expectStop(cli, cwd, () => cli.killGroup('SIGINT'))
  })

  test('an empty folder that was there before is there after Ctrl-C, still empty', async () => {
    const cwd = await room()
    await mkdir(join(cwd, 'project'))
    const cli = startCli(await forever(prepared), { cwd })
    await cli.started('build')
    cli.kill('SIGINT')
    expect((await cli.ended).exitCode).toBe(130)
    expect(readdirSync(join(cwd, 'project'))).toEqual([])
  })

  test('Ctrl-C of a later run leaves the project folder of the earlier one', async () => {
    const cwd = await room()
    const command = await forever(prepared)
    const first = startCli(command, { cwd })
    await first.started('build')
    first.kill('SIGTERM')
    await first.ended
    const second = startCli(command, { cwd })
    await second.started('run')
    second.kill('SIGINT')
    expect((await second.ended).exitCode).toBe(130)
    expect(existsSync(join(cwd, 'project', 'forever'))).toBe(true)
  })

  test('after SIGTERM the folder is unfinished, and the same command goes on with it', async () => {
    const cwd = await room()
    const command = words(await names.builder('sigterm'))
    const cli = startCli(command, { cwd })
    await cli.event(says('compiler', /^Unpacking/))
    cli.kill('SIGTERM')
    const end = await cli.ended
    expect([end.exitCode, stateOf(cwd).finished]).toEqual([143, false])
    expect(await containersOf(runOf(end))).toEqual([])
    const again = await runCli(command, { cwd })
    expect(outcomeOf(again).proven).toBe(true)
    expect(stateOf(cwd).finished).toBe(true)
  }, 400_000)

  test('after SIGHUP, as of a closed window, the folder stays and no container does', async () => {
    const cwd = await room()
    const cli = startCli(await forever(prepared), { cwd })
    await cli.event(says('run', /^at work$/))
    cli.kill('SIGHUP')
    const end = await cli.ended
    expect([end.exitCode, stateOf(cwd).finished]).toEqual([129, false])
    expect(await containersOf(runOf(end))).toEqual([])
  })

  test('a second Ctrl-C does not wait for an engine that is slow to remove', async () => {
    const cwd = await room()
    const docker = shim(await room(), 'rm', true)
    const cli = startCli(await forever(prepared), { cwd, env: docker.env })
    // The container of the compile step is removed while the run goes on.
    await docker.called()
    cli.kill('SIGINT')
    await cli.event(event => event.type === 'stopped')
    cli.kill('SIGINT')
    const end = await cli.ended
    expect(end.exitCode).toBe(130)
    expect(eventsOf(end, 'stopped')).toEqual([{ type: 'stopped', signal: 'SIGINT', clean: false }])
    await expectTold(end, cwd)
    await docker.release()
    await runCli(['clean'], { cwd })
    expect(await containersOf(runOf(end))).toEqual([])
  })

  test('a container that is being made at a second Ctrl-C is told by name, and found by clean', async () => {
    const cwd = await room()
    const docker = shim(await room(), 'create', true)
    const cli = startCli(await forever(prepared), { cwd, env: docker.env })
    await docker.called()
    cli.kill('SIGINT')
    await sleep(500)
    cli.kill('SIGINT')
    await sleep(500)
    // Only now does the client go on, alone.
    await docker.release()
    const end = await cli.ended
    expect(end.exitCode).toBe(130)
    await vi.waitFor(async () => expect(await containersOf(runOf(end))).toHaveLength(1), 30_000)
    await expectTold(end, cwd)
    await runCli(['clean'], { cwd })
    expect(await containersOf(runOf(end))).toEqual([])
  })

  /** The last words name the one container that is there, and `clean` finds it. */
  const expectTold = async (end: CliEnd, cwd: string): Promise<void> => {
    expect(end.stderr).toMatch(/Still there[^]*container create-base-image-\S+\n[^]*-image clean/)
    const [id = ''] = await containersOf(runOf(end))
    expect((await runCli(['clean', '--dry-run'], { cwd })).stdout).toContain(id.slice(0, 12))
  }

  test('the next run removes what a killed one left, and goes on with its folder', async () => {
    const cwd = await room()
    const command = words(prepared, 'killed')
    const docker = shim(await room(), 'start')
    const cli = startCli(command, { cwd, env: docker.env })
    await docker.called()
    cli.kill('SIGKILL')
    const killed = await cli.ended
    expect(stateOf(cwd).finished).toBe(false)
    const again = await runCli(command, { cwd })
    expect(outcomeOf(again).proven).toBe(true)
    expect(stepsDone(again)).toContain('compile')
    expect(await containersOf(runOf(killed))).toEqual([])
  })

  test('clean removes what a killed run left', async () => {
    const cwd = await room()
    const cli = startCli(await forever(prepared), { cwd })
    await cli.event(says('run', /^at work$/))
    cli.kill('SIGKILL')
    const killed = await cli.ended
    expect(killed.signal).toBe('SIGKILL')
    expect(await runCli(['clean'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await containersOf(runOf(killed))).toEqual([])
  })
})

/** Stops the run as Ctrl-C does and expects what a person may: at once, with a word, and all of it gone. */
const expectStop = async (
  cli: Cli,
  cwd: string,
  stop = (): void => cli.kill('SIGINT'),
): Promise<void> => {
  const before = Date.now()
  stop()
  const end = await cli.ended
  const took = Date.now() - before
  expect(end, end.stdout.slice(-2000)).toMatchObject({ exitCode: 130, stderr: '' })
  expect(eventsOf(end, 'stopped').map(({ clean }) => clean)).toEqual([false, true])
  expect(end.events.at(-1)?.type).toBe('stopped')
  expectNoFailure(end)
  expect(took).toBeLessThan(PATIENCE)
  expect(readdirSync(cwd)).toEqual([])
  expect(await containersOf(runOf(end))).toEqual([])
}

const expectNoFailure = (end: CliEnd): void => expect(eventsOf(end, 'step-failed')).toEqual([])

const stateOf = (cwd: string): { readonly finished: boolean } =>
  JSON.parse(readFileSync(join(cwd, 'project', '.create-base-image', 'state.json'), 'utf8')) as {
    finished: boolean
  }
