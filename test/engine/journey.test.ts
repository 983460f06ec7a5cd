import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { rawProgram } from '../../src/elf/raw.ts'
import { compiles } from '../elf/samples.ts'
import { clients, describeEngine, docker, test, withClient } from './engine.ts'
import {
  containersOf,
  eventsOf,
  newNames,
  outcomeOf,
  removeUnnamed,
  room,
  runCli,
  runOf,
  stepsDone,
  type CliEnd,
} from './run-cli.ts'

const GREETING = 'Hello from your own base image!'
const MAKE = ['engine', 'files', 'compile', 'inspect', 'build', 'run']
const FOREVER = `#include <stdio.h>
#include <unistd.h>
int main(void) { puts("at work"); fflush(stdout); for (;;) pause(); }
`

/** Every client with every builder of its own. A client before 23 has BuildKit inside, when it is asked for. */
const doors = clients().flatMap(client => {
  const env = withClient(client, { ...process.env, DOCKER_BUILDKIT: undefined })
  const old = Number.parseInt(client.version, 10) < 23
  const buildKit = { ...env, DOCKER_BUILDKIT: '1' }
  return [
    [client.label, env] as const,
    ...(old ? [[`${client.label} with its own BuildKit`, buildKit] as const] : []),
  ]
})

describeEngine('the minimal journey', () => {
  const names = newNames()
  const container = (): string[] => ['--yes', '--json', '--compile-in', 'container', ...builder]
  let builder: readonly string[] = []

  beforeAll(async () => {
    builder = ['--builder', await names.builder('journey')]
  })
  afterAll(() => names.remove())

  test.for(doors)(
    '%s makes the image, proves it, and leaves only the image',
    { timeout: 400_000 },
    async ([, env]) => {
      const cwd = await room()
      const words = [...container(), '--tag', names.tag('hello')]
      const first = await runCli(words, { cwd, env })
      expect(outcomeOf(first).printed).toContain(GREETING)
      expectWhole(first)
      expect(await filesIn(names.tag('hello'), cwd)).toEqual(['hello'])
      expect(await containersOf(runOf(first))).toEqual([])

      const second = await runCli(words, { cwd, env })
      expect(outcomeOf(second).printed).toContain(GREETING)
      expectWhole(second)
      expect(stepsDone(second)).toEqual(MAKE.filter(step => step !== 'compile'))

      edit(join(cwd, 'hello', 'hello.c'), GREETING, 'Changed by hand.')
      const third = await runCli(words, { cwd, env })
      expect(outcomeOf(third).printed).toContain('Changed by hand.')
      expect(stepsDone(third)).toEqual(MAKE)
      await removeUnnamed(first)
    },
  )

  test('what a person makes from the prepared builder is not taken for a container of ours', async ({
    made,
  }) => {
    const cwd = await room()
    const end = await runCli([...container(), '--tag', names.tag('label')], { cwd })
    const compile = eventsOf(end, 'step-started').find(({ step }) => step === 'compile')
    const image = /create-base-image\/compiler:[0-9a-f]{12}/.exec(compile?.commands[0] ?? '')?.[0]
    const name = made.container(`${names.prefix}-by-hand`)
    expect((await docker(['create', '--name', name, image ?? ''])).exitCode).toBe(0)
    expect((await runCli(['clean'], { cwd })).exitCode).toBe(0)
    expect((await docker(['container', 'inspect', name])).exitCode).toBe(0)
  }, 400_000)

  test('with musl the program has less than 12 kB', async () => {
    const cwd = await room()
    const words = [...container(), '--libc', 'musl', '--tag', names.tag('musl')]
    expect(outcomeOf(await runCli(words, { cwd })).printed).toContain(GREETING)
    expect(statSync(join(cwd, 'musl', 'hello')).size).toBeLessThan(12_000)
  }, 400_000)

  test.skipIf(!compiles(['-static']))(
    'compiled on this machine it is the same journey without a builder (needs gcc)',
    async () => {
      const cwd = await room()
      const words = ['--yes', '--json', '--compile-in', 'host', '--tag', names.tag('host')]
      const end = await runCli(words, { cwd })
      expect(outcomeOf(end).printed).toContain(GREETING)
      expect(stepsDone(end)).toEqual(MAKE)
    },
  )

  test('a C file of the person goes in under its own name', async () => {
    const cwd = await room()
    writeFileSync(
      join(cwd, 'mine.c'),
      '#include <stdio.h>\nint main(void) { puts("mine \\303\\244"); }\n',
    )
    const words = [...container(), '--program', 'mine.c', '--tag', names.tag('mine')]
    expect(outcomeOf(await runCli(words, { cwd })).printed).toBe('mine ä\n')
    expect(await filesIn(names.tag('mine'), cwd)).toEqual(['mine'])
  }, 400_000)

  test('a ready program goes in as it is', async () => {
    const cwd = await room()
    writeFileSync(join(cwd, 'ready'), rawProgram('as it is\n', 'amd64'))
    const words = [...container(), '--program', 'ready', '--tag', names.tag('ready'), 'here']
    const end = await runCli(words, { cwd })
    expect(outcomeOf(end).printed).toBe('as it is\n')
    expect(stepsDone(end)).not.toContain('compile')
  })

  test('a message needs no compiler', async () => {
    const cwd = await room()
    const words = [
      '--yes',
      '--json',
      '--program',
      'raw:Grüße "an" $HOME',
      '--tag',
      names.tag('raw'),
    ]
    const end = await runCli(words, { cwd })
    expect(outcomeOf(end).printed).toBe('Grüße "an" $HOME\n')
    expectWhole(end)
  })

  test.skipIf(!process.env.CBI_ENGINE_TCP)(
    'over TCP the program comes back whole (needs CBI_ENGINE_TCP)',
    async () => {
      const cwd = await room()
      const env = { ...process.env, DOCKER_HOST: process.env.CBI_ENGINE_TCP }
      const words = [...container(), '--tag', names.tag('tcp')]
      expect(outcomeOf(await runCli(words, { cwd, env })).printed).toContain(GREETING)
    },
    240_000,
  )

  test.skipIf(!process.env.CBI_ENGINE_SSH)(
    'over ssh the program comes back whole (needs CBI_ENGINE_SSH)',
    async () => {
      const cwd = await room()
      const PATH = [process.env.CBI_SSH_PATH, process.env.PATH].join(delimiter)
      const env = { ...process.env, PATH, DOCKER_HOST: process.env.CBI_ENGINE_SSH }
      const words = [...container(), '--tag', names.tag('ssh')]
      const end = await runCli(words, { cwd, env })
      expect(outcomeOf(end).printed).toContain(GREETING)
      expect(await containersOf(runOf(end))).toEqual([])
    },
    240_000,
  )

  test.for(['with spaces and "quotes"', "it's ümläut", '-dash', '$(touch x); *'])(
    'the folder may be called %s, and its build.sh works without us',
    async name => {
      const cwd = await room()
      const words = [
        '--yes',
        '--json',
        '--program',
        'raw:odd',
        '--tag',
        names.tag('odd'),
        name.startsWith('-') ? `./${name}` : name,
      ]
      expect(outcomeOf(await runCli(words, { cwd })).printed).toBe('odd\n')
      const script = name.startsWith('-') ? ['--', `${name}/build.sh`] : [`${name}/build.sh`]
      const byHand = spawnSync('sh', script, { cwd, encoding: 'utf8' })
      expect(byHand.stdout.endsWith('odd\n'), byHand.stderr).toBe(true)
    },
  )

  test('build.sh compiles in a container as well, with an edited source', async () => {
    const cwd = await room()
    const end = await runCli([...container(), '--tag', names.tag('script')], { cwd })
    expect(outcomeOf(end).proven).toBe(true)
    edit(join(cwd, 'script', 'hello.c'), GREETING, 'By the script.')
    const byHand = spawnSync('sh', ['script/build.sh'], { cwd, encoding: 'utf8' })
    expect(byHand).toMatchObject({ status: 0 })
    expect(byHand.stdout).toContain('By the script.')
    await removeUnnamed(end)
  }, 400_000)

  test('an archive made without an engine is one that the engine loads and runs', async () => {
    const cwd = await room()
    const tag = names.tag('archive')
    const end = await runCli(['--yes', '--json', '--engine', 'none', '--tag', tag], { cwd })
    expect(outcomeOf(end).image).toBe(tag)
    expectWhole(end)
    const archive = outcomeOf(end).files.at(-1) ?? ''
    expect((await docker(['load', '--input', archive])).stdout).toContain(`${tag}:latest`)
    expect((await docker(['run', '--rm', tag])).stdout).toContain(GREETING)
  })

  test('a program that never ends is stopped after 10 seconds and counts as running', async () => {
    const cwd = await room()
    writeFileSync(join(cwd, 'forever.c'), FOREVER)
    const words = [...container(), '--program', 'forever.c', '--tag', names.tag('forever')]
    const end = await runCli(words, { cwd })
    expect(outcomeOf(end)).toMatchObject({ printed: 'at work\n', proven: true })
    expect(outcomeOf(end).proof).toContain('still running after 10 s')
    expect(await containersOf(runOf(end))).toEqual([])
  }, 400_000)
})

/** The plan comes first, the outcome last, and between them every step once, started and done or skipped. */
const expectWhole = (end: CliEnd): void => {
  const plan = eventsOf(end, 'plan')
  expect([plan.length, end.events[0]?.type, end.events.at(-1)?.type]).toEqual([
    1,
    'plan',
    'outcome',
  ])
  const settled = end.events.filter(
    event => event.type === 'step-done' || event.type === 'step-skipped',
  )
  expect(settled.map(({ step }) => step)).toEqual(plan[0]?.steps.map(({ id }) => id))
  expect(eventsOf(end, 'step-started').map(({ step }) => step)).toEqual(stepsDone(end))
}

/** The names in the one layer of an image. */
const filesIn = async (image: string, cwd: string): Promise<readonly string[]> => {
  await docker(['save', '--output', join(cwd, 'saved.tar'), image])
  const tar = (...words: string[]) => spawnSync('tar', words, { cwd, maxBuffer: 1e8 })
  tar('-xf', 'saved.tar', '--one-top-level=saved')
  const listed = JSON.parse(readFileSync(join(cwd, 'saved', 'manifest.json'), 'utf8')) as {
    readonly Layers: readonly string[]
  }[]
  const layers = listed[0]?.Layers ?? []
  return layers.flatMap(layer =>
    tar('-tf', join('saved', layer)).stdout.toString().split('\n').filter(Boolean),
  )
}

const edit = (file: string, from: string, to: string): void =>
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
