import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, onTestFinished } from 'vitest'
import { rawProgram } from '../../src/elf/raw.ts'
import type { StepFailed } from '../../src/run/events.ts'
import { compile, compiles, handMade } from '../elf/samples.ts'
import { describeEngine, docker, test } from './engine.ts'
import {
  containersOf,
  eventsOf,
  newNames,
  outcomeOf,
  removeUnnamed,
  room,
  runCli,
  runOf,
  startCli,
  type CliEnd,
} from './run-cli.ts'

const RAW = ['--yes', '--json', '--program', 'raw:one']
const MACH_O = Buffer.from('cffaedfe07000001030000000200000010000000', 'hex')

describeEngine('failing', () => {
  const names = newNames()
  afterAll(() => names.remove())

  test('a C file with a mistake fails with the words of gcc, its file and its line', async () => {
    const cwd = await room()
    writeFileSync(join(cwd, 'wrong.c'), 'int main(void) {\n  return missing;\n}\n')
    const builder = await names.builder('failures')
    const words = ['--yes', '--json', '--compile-in', 'container', '--builder', builder]
    const command = [...words, '--program', 'wrong.c', '--tag', names.tag('wrong'), 'project']
    const end = await runCli(command, { cwd })
    expect(end).toMatchObject({ exitCode: 1, stderr: '' })
    expect(failureOf(end)).toMatchObject({ step: 'compile', exitCode: 1 })
    expect(failureOf(end).lastLines.join('\n')).toMatch(/wrong\.c:2:10: error: .missing./)
    expect(readFileSync(failureOf(end).log, 'utf8')).toContain('"step-failed"')
    expect(existsSync(join(cwd, 'project', 'wrong'))).toBe(false)
    expect(await containersOf(runOf(end))).toEqual([])

    writeFileSync(join(cwd, 'wrong.c'), '#include <stdio.h>\nint main(void) { puts("right"); }\n')
    expect(outcomeOf(await runCli(command, { cwd })).printed).toBe('right\n')
  }, 400_000)

  test.for<readonly [string, () => Uint8Array, RegExp]>([
    ['a dynamic ELF', dynamicElf, /ld-linux/],
    ['one for another architecture', () => rawProgram('x\n', 'arm64'), /arm64/],
    ['a script', () => Buffer.from('#!/bin/sh\necho hello\n'), /script/i],
    ['a program for macOS', () => MACH_O, /mac/i],
    ['an empty file', () => Buffer.alloc(0), /empty/i],
  ])('%s is refused before anything is made', async ([, content, words]) => {
    const cwd = await room()
    writeFileSync(join(cwd, 'ready'), content())
    const command = ['--yes', '--json', '--arch', 'amd64', '--program', 'ready', 'project']
    const end = await runCli([...command, '--tag', names.tag('refused')], { cwd })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toMatch(words)
    expect(readdirSync(cwd)).toEqual(['ready'])
  })

  test('a builder that can not be had fails with what to do, and the same command goes on', async () => {
    const cwd = await room()
    const builder = `127.0.0.1:9/${names.prefix}:1`
    const words = ['--yes', '--json', '--compile-in', 'container', '--builder', builder]
    const end = await runCli([...words, '--tag', names.tag('nowhere'), 'project'], { cwd })
    expect(failureOf(end)).toMatchObject({
      step: 'builder',
      remedy: { code: 'registry-unreachable', lacks: true },
    })
    expect(end.exitCode).toBe(3)
    expect(existsSync(join(cwd, 'project', 'hello.c'))).toBe(true)
  })

  test('a folder that is not ours stays as it is', async () => {
    const cwd = await room()
    mkdirSync(join(cwd, 'mine'))
    writeFileSync(join(cwd, 'mine', 'Dockerfile'), 'FROM mine\n')
    const end = await runCli([...RAW, '--force', 'mine'], { cwd })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain('was not made by create-base-image')
    expect(readdirSync(join(cwd, 'mine'))).toEqual(['Dockerfile'])
    expect(readFileSync(join(cwd, 'mine', 'Dockerfile'), 'utf8')).toBe('FROM mine\n')
  })

  test('other answers need --force, which keeps an edited file beside the new one', async () => {
    const cwd = await room()
    const tag = ['--tag', names.tag('answers'), 'project']
    const first = await runCli([...RAW, ...tag], { cwd })
    expect(outcomeOf(first).printed).toBe('one\n')
    const file = join(cwd, 'project', 'Dockerfile')
    const edited = `${readFileSync(file, 'utf8')}# mine\n`
    writeFileSync(file, edited)
    const other = ['--yes', '--json', '--program', 'raw:two', ...tag]
    const refused = await runCli(other, { cwd })
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('program was raw:one and is now raw:two')
    expect(readFileSync(file, 'utf8')).toBe(edited)
    expect(outcomeOf(await runCli([...other, '--force'], { cwd })).printed).toBe('two\n')
    expect(readFileSync(`${file}.old`, 'utf8')).toBe(edited)
    expect(readFileSync(file, 'utf8')).not.toContain('# mine')
    await removeUnnamed(first)
  })

  test.skipIf(!existsSync('/proc/self'))(
    'where no folder can be made the failure says why (needs Linux)',
    async () => {
      const end = await runCli([...RAW, '/proc/create-base-image'], { cwd: await room() })
      expect(end.exitCode).toBe(1)
      expect(failureOf(end)).toMatchObject({ step: 'files', remedy: { code: 'unwritable' } })
      expect(failureOf(end).message).toContain('/proc/create-base-image can')
    },
  )

  test('an engine that is asked for and does not answer is a lack of the machine', async () => {
    const cwd = await room()
    const env = { ...process.env, DOCKER_HOST: 'unix:///nonexistent' }
    const end = await runCli([...RAW, '--engine', 'docker'], { cwd, env })
    expect(end.exitCode).toBe(3)
    expect(end.stderr).toContain('systemctl start docker')
    expect(readdirSync(cwd)).toEqual([])
  })

  test('with stdin closed and without --yes nothing is asked and nothing is made', async () => {
    const cwd = await room()
    const end = await runCli(['--program', 'raw'], { cwd })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain('--yes')
    expect(readdirSync(cwd)).toEqual([])
  })

  test.skipIf(!canStartEngine())(
    'an engine that dies half way ends the run with what to do (needs root and dockerd)',
    async () => {
      const cwd = await room()
      const engine = startEngine()
      const cli = startCli(containerJourney('died'), { cwd, env: engine.env })
      await cli.event(event => event.type === 'output' && event.line.startsWith('Unpacking'))
      engine.stop()
      const end = await cli.ended
      expect(failureOf(end)).toMatchObject({ step: 'compiler', remedy: { lacks: true } })
      expect(failureOf(end).remedy?.todo.length).toBeGreaterThan(0)
      expect(end.exitCode).toBe(3)
    },
    240_000,
  )

  test.skipIf(!canStartEngine())(
    'a full disk of the engine is named, with how to make room (needs root and dockerd)',
    async () => {
      const cwd = await room()
      const engine = startEngine('--small', '350')
      const end = await runCli(containerJourney('full'), { cwd, env: engine.env })
      expect(failureOf(end)).toMatchObject({ step: 'compiler', remedy: { code: 'no-space' } })
      expect(end.exitCode).toBe(3)
      const left = ['ps', '--all', '--quiet', '--filter', `label=create-base-image=${runOf(end)}`]
      expect((await docker(left, engine.env)).stdout).toBe('')
    },
    240_000,
  )
})

const containerJourney = (tag: string): readonly string[] => [
  '--yes',
  '--json',
  '--compile-in=container',
  `--tag=${tag}`,
  'project',
]

const failureOf = (end: CliEnd): StepFailed => {
  const [failure] = eventsOf(end, 'step-failed')
  expect(failure, end.stdout.slice(-2000) + end.stderr).toBeDefined()
  return failure!
}

const dynamicElf = (): Uint8Array => {
  const real = compiles([]) ? compile([]) : null
  return real === null
    ? handMade({ interpreter: '/lib64/ld-linux-x86-64.so.2' })
    : readFileSync(real)
}

const SCRIPT = fileURLToPath(new URL('../../scripts/engine.sh', import.meta.url))

const canStartEngine = (): boolean =>
  process.getuid?.() === 0 && spawnSync('sh', ['-c', 'command -v dockerd containerd']).status === 0

/** Starts an engine for one test; `stop` ends it at once, and it is gone after the test in any case. */
const startEngine = (
  ...words: readonly string[]
): { readonly env: NodeJS.ProcessEnv; readonly stop: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'cbi-e-'))
  const stop = (): void => void spawnSync(SCRIPT, ['stop', folder])
  onTestFinished(stop)
  const started = spawnSync(SCRIPT, ['start', ...words, folder], { encoding: 'utf8' })
  expect(started.status, started.stderr).toBe(0)
  return { env: { ...process.env, DOCKER_HOST: `unix://${folder}/docker.sock` }, stop }
}
