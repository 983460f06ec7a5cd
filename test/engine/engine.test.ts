import { readdirSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect } from 'vitest'
import { clients, describeEngine, docker, engine, test, withClient } from './engine.ts'

const named = clients().map(client => [client.label, client] as const)

test('an engine that does not answer comes with a reason, one that answers without', () => {
  const { reachable, reason } = engine()
  expect(reason === '').toBe(reachable)
})

test('every client is there once', () => {
  const paths = clients().map(client => client.path)
  expect(new Set(paths).size).toBe(paths.length)
})

test('a failing docker command is a result with its exit code and what it said', async () => {
  const env = { ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' }
  const result = await docker(['version'], env)
  expect(result.exitCode).toBe(1)
  expect(result.stderr).toContain('unix:///nowhere/docker.sock')
})

describeEngine('the test engine', () => {
  test.for(named)('%s is what docker means in its environment', async ([, client]) => {
    const env = withClient(client)
    const folder = (env.PATH ?? '').split(delimiter)[0] ?? ''
    expect(readdirSync(folder)).toEqual(['docker'])
    expect(realpathSync(join(folder, 'docker'))).toBe(client.path)
    const { stdout } = await docker(['version', '--format', '{{.Client.Version}}'], env)
    expect(client.version).toContain(stdout)
  })

  test.for(named)('%s runs a program of the stand-in image', async ([, client], { made }) => {
    const name = made.container(`cbi-engine-test-${process.pid}`)
    const args = ['run', '--interactive', '--name', name, 'ubuntu:20.04', 'cat']
    const result = await docker(args, withClient(client), 'hello\n')
    expect(result).toEqual({ exitCode: 0, stdout: 'hello', stderr: '' })
  })

  test('the stand-in has the C library of Ubuntu 20.04', async ({ made }) => {
    const name = made.container(`cbi-engine-test-${process.pid}`)
    const { stdout } = await docker(['run', '--name', name, 'ubuntu:20.04', 'ldd', '--version'])
    expect(stdout).toMatch(/ 2\.31$/m)
  })

  test('what a test makes is there while it runs', async ({ made }) => {
    const container = made.container('cbi-engine-test-made')
    const image = made.image('cbi-engine-test:made')
    made.image('cbi-engine-test:never-made')
    await docker(['create', '--name', container, 'ubuntu:20.04'])
    await docker(['tag', 'ubuntu:20.04', image])
    expect(await present()).toEqual([1, 1])
  })

  test('and gone afterwards', async () => {
    expect(await present()).toEqual([0, 0])
  })

  test.skipIf(!process.env.CBI_ENGINE_TCP)(
    'the engine answers over TCP (skipped without CBI_ENGINE_TCP)',
    async () => {
      const env = { ...process.env, DOCKER_HOST: process.env.CBI_ENGINE_TCP }
      expect(await docker(['ps', '--quiet'], env)).toMatchObject({ exitCode: 0, stderr: '' })
    },
  )

  test.skipIf(!process.env.CBI_ENGINE_SSH).for(named)(
    '%s reaches the engine over ssh (skipped without CBI_ENGINE_SSH)',
    async ([, client]) => {
      const path = [process.env.CBI_SSH_PATH, process.env.PATH].join(delimiter)
      const env = { ...process.env, PATH: path, DOCKER_HOST: process.env.CBI_ENGINE_SSH }
      const here = await docker(['info', '--format', '{{.ID}}'])
      const there = await docker(['info', '--format', '{{.ID}}'], withClient(client, env))
      expect(there).toEqual(here)
    },
  )
})

const present = async (): Promise<readonly number[]> => {
  const filter = ['--quiet', '--filter']
  const containers = await docker(['ps', '--all', ...filter, 'name=cbi-engine-test-made'])
  const images = await docker(['images', ...filter, 'reference=cbi-engine-test:made'])
  return [containers, images].map(({ stdout }) => stdout.split('\n').filter(Boolean).length)
}
