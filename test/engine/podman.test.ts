import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Facts } from '../../src/engine/facts.ts'
import { labelledContainers, removeContainer } from '../../src/run/clean-up/containers.ts'
import { newRunId } from '../../src/run/process/run-id.ts'
import { describePodman, imagePrefix, podman, podmanContainers, UBUNTU } from './podman.ts'
import { eventsOf, outcomeOf, room, runCli, runOf, startCli, stepsDone } from './run-cli.ts'

const MAKE = ['engine', 'files', 'compile', 'inspect', 'build', 'run']
const FOREVER = `#include <stdio.h>
#include <unistd.h>
int main(void) { puts("at work"); fflush(stdout); for (;;) pause(); }
`
const STOPPED =
  'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?" >&2; exit 1'

describePodman('Podman as the engine', () => {
  const prefix = imagePrefix()
  const words = (tag: string): string[] => [
    '--yes',
    '--json',
    '--engine=podman',
    '--compile-in=container',
    `--tag=${prefix}/${tag}`,
    'project',
  ]

  test('the minimal journey makes the image, proves it, and leaves only the image', async () => {
    const cwd = await room()
    const first = await runCli(words('hello'), { cwd })
    const outcome = outcomeOf(first)
    expect(outcome.printed).toContain('Hello from your own base image!')
    expect(outcome.next[0]).toBe(`podman run --rm ${prefix}/hello`)
    expect(outcome.id).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await podmanContainers(runOf(first))).toEqual([])
    const typed = await podman(['run', '--rm', '--network', 'none', `${prefix}/hello`])
    expect(typed).toMatchObject({ exitCode: 0, stdout: outcome.printed.trimEnd() })

    const second = await runCli(words('hello'), { cwd })
    expect(outcomeOf(second).id).toBe(outcome.id)
    expect(stepsDone(second)).toEqual(MAKE.filter(step => step !== 'compile'))

    const source = join(cwd, 'project', 'hello.c')
    writeFileSync(source, readFileSync(source, 'utf8').replace('your own', 'a changed'))
    const third = await runCli(words('hello'), { cwd })
    expect(outcomeOf(third).printed).toContain('Hello from a changed base image!')
    expect(stepsDone(third)).toEqual(MAKE)
  })

  test('the step of the engine says which one it is', async () => {
    const end = await runCli([...words('raw'), '--program=raw'], { cwd: await room() })
    const [engine] = eventsOf(end, 'step-done')
    expect(engine).toMatchObject({ step: 'engine' })
    expect(engine?.result).toMatch(/^Podman \d+\.\d+\.\d+\S*, linux\/\w+$/)
  })

  test('the build counts its steps', async () => {
    const end = await runCli([...words('steps'), '--program=raw'], { cwd: await room() })
    const shares = eventsOf(end, 'progress')
      .filter(({ step }) => step === 'build')
      .map(({ fraction }) => fraction)
    expect(shares.length).toBeGreaterThan(2)
    expect(shares.at(-1)).toBe(1)
  })

  test('a program that ends with 7 has started, so its image is proven', async () => {
    const cwd = await room()
    writeFileSync(join(cwd, 'seven.c'), 'int main(void) { return 7; }\n')
    const end = await runCli([...words('seven'), '--program=seven.c'], { cwd })
    expect(end.exitCode, end.stdout).toBe(0)
    expect(outcomeOf(end).proven).toBe(true)
    expect(await podmanContainers(runOf(end))).toEqual([])
  })

  test('a program that crashes is not proven', async () => {
    const cwd = await room()
    writeFileSync(join(cwd, 'crash.c'), '#include <stdlib.h>\nint main(void) { abort(); }\n')
    const end = await runCli([...words('crash'), '--program=crash.c'], { cwd })
    expect(end.exitCode, end.stdout).toBe(1)
    expect(eventsOf(end, 'step-failed')[0]).toMatchObject({ step: 'run' })
    expect(await podmanContainers(runOf(end))).toEqual([])
  })

  test('Ctrl-C while the proof runs: it ends at once and nothing is left', async () => {
    const cwd = await room()
    writeFileSync(join(cwd, 'forever.c'), FOREVER)
    const cli = startCli([...words('stop'), '--program=forever.c'], { cwd })
    await cli.event(event => event.type === 'output' && event.line === 'at work')
    const began = performance.now()
    cli.kill('SIGINT')
    const end = await cli.ended
    expect(end.exitCode).toBe(130)
    // A program that is process 1 does not heed SIGTERM; to wait for it takes Podman ten seconds.
    expect(performance.now() - began).toBeLessThan(5000)
    expect(await podmanContainers(runOf(end))).toEqual([])
  })

  test('a builder that is not there: Podman pulls by itself, and says why not', async () => {
    const cwd = await room()
    const builder = 'registry.invalid/no/such:1'
    const end = await runCli([...words('none'), `--builder=${builder}`], { cwd })
    expect(end.exitCode).toBe(3)
    const pull = eventsOf(end, 'step-started').find(({ step }) => step === 'builder')
    expect(pull?.exact).toEqual([['podman', 'pull', builder]])
    expect(eventsOf(end, 'step-failed')[0]).toMatchObject({
      step: 'builder',
      remedy: { code: 'registry-dns' },
    })
  })

  test('without a Docker that answers, Podman is taken by itself', async () => {
    const { engine } = await factsWith(STOPPED, 'auto')
    expect(engine).toMatchObject({ kind: 'podman', client: 'podman', builder: 'podman' })
  })

  test('a docker command that is Podman gives way to podman, also for --engine docker', async () => {
    for (const engine of ['auto', 'docker']) {
      const facts = await factsWith('exec podman "$@"', engine)
      expect(facts.engine).toMatchObject({ client: 'podman' })
    }
  })

  test('clean removes containers of dead runs, not those of living ones', async () => {
    const cwd = await room()
    const alive = newRunId()
    // No system has a process of this number.
    const dead = alive.replace(`-${process.pid}-`, '-999999999-')
    const label = (run: string) => ['--label', `create-base-image=${run}`]
    for (const run of [dead, alive]) {
      const made = await podman(['create', '--network', 'none', ...label(run), UBUNTU, 'true'])
      expect(made.exitCode, made.stderr).toBe(0)
    }
    const client = { program: 'podman', cwd, env: process.env }
    const listed = (await labelledContainers(client, alive)) ?? []
    expect(listed.map(({ run }) => run)).toEqual([alive])
    const end = await runCli(['clean', '--engine=podman'], { cwd })
    expect(end.stdout).toMatch(/^\d+ things? removed\.$/m)
    expect(await podmanContainers(dead)).toEqual([])
    expect(await podmanContainers(alive)).toHaveLength(1)
    for (const { id } of listed) expect(await removeContainer(client, id)).toBe(true)
    expect(await podmanContainers(alive)).toEqual([])
  })

  test('clean tells prepared builders by the names that a person would type', async () => {
    const name = 'create-base-image/compiler:c0ffee000000'
    const cwd = await room()
    writeFileSync(join(cwd, 'x'), 'x')
    writeFileSync(
      join(cwd, 'Dockerfile'),
      'FROM scratch\nADD x /\nLABEL create-base-image.role=compiler\n',
    )
    expect((await podman(['build', '--tag', name, cwd])).exitCode).toBe(0)
    const { stdout } = await runCli(['clean', '--engine=podman'], { cwd })
    await podman(['rmi', name])
    expect(stdout).toMatch(/^Kept, because/m)
    expect(stdout).toContain(`  the prepared builder ${name} (`)
  })
})

/** What `doctor` finds where this shell text is the docker command, and nothing names an engine. */
const factsWith = async (docker: string, engine: string): Promise<Facts> => {
  const bin = join(await room(), 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\n${docker}\n`, { mode: 0o755 })
  const PATH = [bin, process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH, DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined }
  const { stdout } = await runCli(['doctor', '--json', `--engine=${engine}`], { cwd: bin, env })
  return JSON.parse(stdout) as Facts
}
