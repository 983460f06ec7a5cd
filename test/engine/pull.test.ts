import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Progress } from '../../src/run/progress/reader.ts'
import { pullReader } from '../../src/run/progress/pull.ts'
import { runPipeline } from '../../src/run/pipeline.ts'
import { startPull } from '../../src/run/stages/pull.ts'
import { clients, describeEngine, docker, test, withClient, type Client } from './engine.ts'
import { slowRegistry } from './registry.ts'

const LAYER_BYTES = 4_000_000

describeEngine('a pull from a real registry', () => {
  let registry: Awaited<ReturnType<typeof slowRegistry>>
  let image: string
  const folder = mkdtempSync(join(tmpdir(), 'pull-'))

  beforeAll(async () => {
    registry = await slowRegistry(4_000_000)
    image = `${registry.host}/cbi-test-pull:1`
    writeFileSync(join(folder, 'big'), randomBytes(LAYER_BYTES))
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nADD big /\nCMD ["/big"]\n')
    const env = { ...process.env, DOCKER_BUILDKIT: '0' }
    for (const args of [
      ['build', '--tag', image, folder],
      ['push', image],
    ]) {
      const { exitCode, stderr } = await docker(args, env)
      if (exitCode !== 0) throw new Error(stderr)
    }
  })

  afterAll(async () => {
    await docker(['rmi', '--force', image])
    await registry.close()
    rmSync(folder, { recursive: true })
  })

  const pull = async (client: Client, reference: string, change: NodeJS.ProcessEnv = {}) => {
    const env = { ...withClient(client), ...change }
    await docker(['rmi', '--force', reference], env)
    const reader = pullReader()
    const progress: Progress[] = []
    const lines: string[] = []
    const take = (readings: ReturnType<typeof reader.read>): void => {
      for (const reading of readings) {
        if (reading.kind === 'line') lines.push(reading.text)
        if (reading.kind === 'progress') progress.push(reading.progress)
      }
    }
    const stage = startPull(
      { kind: 'pull', client: 'docker', image: reference, platform: null },
      { cwd: folder, env },
    )
    const end = await runPipeline([stage], {
      input: null,
      stdout: chunk => take(reader.read(chunk, 'stdout')),
      stderr: chunk => take(reader.read(chunk, 'stderr')),
      end: () => take(reader.end()),
    })
    return { end, progress, lines }
  }

  test.for(clients().map(client => [client.label, client] as const))(
    '%s: bytes are counted as they come',
    async ([, client]) => {
      const { end, progress } = await pull(client, image)
      const bytes = progress.filter(({ unit }) => unit === 'bytes').map(({ done = 0 }) => done)
      expect(end.exitCode).toBe(0)
      expect(bytes.length).toBeGreaterThan(3)
      expect(bytes.some(done => done > 0 && done < LAYER_BYTES)).toBe(true)
      expect(progress.at(-1)?.fraction).toBe(1)
      expect((await docker(['image', 'inspect', image])).exitCode).toBe(0)
    },
  )

  test('what is not there is told in the client’s own words', async () => {
    const { end, lines } = await pull(clients()[0]!, `${registry.host}/cbi-test-pull:none`)
    expect(end.exitCode).not.toBe(0)
    expect(lines.join('\n')).toMatch(/manifest unknown|not found/)
  })

  test('with credentials for the registry the client pulls by itself', async () => {
    const config = mkdtempSync(join(tmpdir(), 'config-'))
    writeFileSync(join(config, 'config.json'), JSON.stringify({ auths: { [registry.host]: {} } }))
    const { end, progress } = await pull(clients()[0]!, image, { DOCKER_CONFIG: config })
    rmSync(config, { recursive: true })
    expect(end.exitCode).toBe(0)
    expect(progress.some(({ unit }) => unit === 'bytes')).toBe(false)
    expect(progress.at(-1)).toMatchObject({ fraction: 1, unit: 'layers' })
  })

  test('a pull that is stopped leaves no client behind and no image', async () => {
    await docker(['rmi', '--force', image])
    const stage = startPull(
      { kind: 'pull', client: 'docker', image, platform: null },
      { cwd: folder, env: process.env },
    )
    await new Promise(resolve => stage.stdout.once('data', resolve))
    stage.stdout.resume()
    await stage.kill()
    expect((await stage.ended).exitCode).not.toBe(0)
    expect((await docker(['image', 'inspect', image])).exitCode).not.toBe(0)
  })
})
