import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, describe, expect } from 'vitest'
import { parse } from 'yaml'
import { describeEngine, docker, test } from './engine.ts'
import { slowRegistry, type RegistryKind } from './registry.ts'
import { eventsOf, newNames, outcomeOf, room, runCli, stepsDone } from './run-cli.ts'

const has = (program: string, flag: string): boolean =>
  spawnSync(program, [flag], { stdio: 'ignore' }).error === undefined
const canPush = has('skopeo', '--version') && has('docker-registry', '--version')

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const read = async (host: string, path: string) => {
  const answer = await fetch(`http://${host}/v2/${path}`, { headers: { accept: MANIFESTS } })
  return (await answer.json()) as {
    readonly config?: { readonly digest: string }
    readonly manifests?: readonly { digest: string; platform: { architecture: string } }[]
  }
}

const RAW = ['--yes', '--json', '--program', 'raw']

describe.skipIf(!canPush)('a push without an engine (needs skopeo and docker-registry)', () => {
  test('all architectures and their index reach the registry', { timeout: 120_000 }, async () => {
    const registry = await slowRegistry(Infinity)
    try {
      const cwd = await room()
      const to = `${registry.host}/acme/several:1`
      const argv = ['--engine', 'none', '--arch', 'amd64,arm64,s390x', '--push', to]
      const end = await runCli([...RAW, ...argv], { cwd })
      expect(outcomeOf(end).pushed).toBe(to)
      const index = await read(registry.host, 'acme/several/manifests/1')
      expect(index.manifests?.map(({ platform }) => platform.architecture)).toEqual([
        'amd64',
        'arm64',
        's390x',
      ])
      const ofArm = await read(
        registry.host,
        `acme/several/manifests/${index.manifests![1]!.digest}`,
      )
      expect(ofArm.config?.digest).toMatch(/^sha256:/)
    } finally {
      await registry.close()
    }
  })

  test(
    'ready programs for several reach it, each under its architecture',
    { timeout: 120_000 },
    async () => {
      const registry = await slowRegistry(Infinity)
      try {
        const cwd = await room()
        const raw = ['--engine', 'none', '--arch', 'amd64,arm64']
        outcomeOf(await runCli([...RAW, ...raw, 'made'], { cwd }))
        const to = `${registry.host}/acme/ready:1`
        const program = ['--program', 'made/linux/{arch}/hello']
        const ready = ['--yes', '--json', ...raw, ...program, '--push', to, 'ready']
        expect(outcomeOf(await runCli(ready, { cwd })).pushed).toBe(to)
        const archive = readFileSync(join(cwd, 'ready/ready.tar'))
        const index = await read(registry.host, 'acme/ready/manifests/1')
        expect(index.manifests?.map(({ platform }) => platform.architecture)).toEqual([
          'amd64',
          'arm64',
        ])
        // In a clone the folder has all that makes it again.
        const again = [
          '--yes',
          '--json',
          '--engine',
          'none',
          '--answers',
          'ready/answers.json',
          'clone',
        ]
        outcomeOf(await runCli(again, { cwd }))
        expect(readFileSync(join(cwd, 'clone/ready.tar')).equals(archive)).toBe(true)
      } finally {
        await registry.close()
      }
    },
  )

  test(
    'a registry that takes none says so, and the archive stays',
    { timeout: 120_000 },
    async () => {
      const registry = await slowRegistry(Infinity, 'read-only')
      try {
        const cwd = await room()
        const argv = ['--engine', 'none', '--push', `${registry.host}/acme/hello`]
        const end = await runCli([...RAW, ...argv], { cwd })
        expect(end.exitCode).toBe(1)
        expect(eventsOf(end, 'step-failed')[0]?.remedy?.code).toBe('registry-read-only')
        expect(eventsOf(end, 'given-back')).toEqual([])
        expect(readFileSync(join(cwd, 'hello', 'hello.tar')).length).toBeGreaterThan(0)
      } finally {
        await registry.close()
      }
    },
  )
})

/** Runs the lines of a CI file that push, as its job would, and returns the digest that they note for the other job. */
const pushedByJob = async (
  kind: 'github' | 'gitlab',
  cwd: string,
  env: { readonly IMAGE: string; readonly REFERENCE: string },
): Promise<string> => {
  const { stdout } = await runCli(['--script', kind, '--release', 'trixie'], { cwd })
  const { make } = kind === 'github' ? parse(stdout).jobs : parse(stdout)
  const lines: string =
    kind === 'github'
      ? make.steps.find(({ name }: { name?: string }) => name?.startsWith('Push it')).run
      : make.script
          .slice(make.script.findIndex((line: unknown) => String(line).startsWith('reference=')))
          .join('\n')
          .replaceAll('/tmp/image', `${cwd}/gitlab-image`)
  // The registry of the test has no certificate.
  const plain = lines.replace('--preserve-digests', '--preserve-digests --dest-tls-verify=false')
  await execa('bash', ['-e', '-c', plain], {
    cwd,
    env: {
      GITHUB_REPOSITORY_OWNER: 'Acme',
      RUNNER_TEMP: cwd,
      SLUG: 'slug',
      ARCH: 'amd64',
      ...env,
    },
  })
  const noted = join(cwd, 'digests', kind === 'github' ? 'amd64' : 'slug/amd64')
  return readFileSync(noted, 'utf8').trim()
}

/** What `build` says of each image that it pushed to a registry which is of that kind for the image acme/two. */
const builtWith = async (kind: RegistryKind) => {
  const registry = await slowRegistry(Infinity, kind, /^\/v2\/acme\/two\//)
  try {
    const cwd = await room()
    const images = ['one', 'two', 'three'].map(name => ({ name: `acme/${name}` }))
    const defaults = { engine: 'none', program: 'raw' }
    writeFileSync(join(cwd, 'base-images.json'), JSON.stringify({ version: 1, defaults, images }))
    const end = await runCli(['build', '--json', '--push', registry.host], { cwd })
    const there = await Promise.all(
      ['one', 'three'].map(async name => read(registry.host, `acme/${name}/manifests/latest`)),
    )
    expect(there.every(({ config }) => config !== undefined)).toBe(true)
    expect(existsSync(join(cwd, 'images/acme-two/two.tar'))).toBe(true)
    expect(end.exitCode).toBe(1)
    return JSON.parse(end.stdout.trim().split('\n').at(-1)!) as {
      readonly images: readonly { readonly name: string; state: string; message?: string }[]
    }
  } finally {
    await registry.close()
  }
}

describe.skipIf(!canPush)('build, and a registry that takes one image not', () => {
  test.each([
    ['login', 'requires a login'],
    ['read-only', 'accepts no pushes'],
    ['no-room', 'a full disk there looks like this'],
  ] as const)(
    '%s: it is named with the reason, and the others are pushed',
    async (kind, why) => {
      const { images } = await builtWith(kind)
      expect(images).toEqual([
        expect.objectContaining({ name: 'acme/one', state: 'made' }),
        expect.objectContaining({
          name: 'acme/two',
          state: 'failed',
          message: expect.stringContaining(why),
        }),
        expect.objectContaining({ name: 'acme/three', state: 'made' }),
      ])
    },
    120_000,
  )
})

describeEngine('a push by the engine', () => {
  const names = newNames()
  afterAll(() => names.remove())

  test('the registry has the image that was proven', { timeout: 120_000 }, async () => {
    const registry = await slowRegistry(Infinity)
    const tag = names.tag('pushed')
    const to = `${registry.host}/acme/hello:1`
    try {
      const end = await runCli([...RAW, '--engine', 'docker', '--tag', tag, '--push', to], {
        cwd: await room(),
      })
      expect(outcomeOf(end).pushed).toBe(to)
      expect(stepsDone(end)).toContain('push')
      const manifest = await read(registry.host, 'acme/hello/manifests/1')
      expect(manifest.config?.digest).toBe(outcomeOf(end).id)
    } finally {
      await docker(['rmi', '--force', to])
      await registry.close()
    }
  })

  test.skipIf(!canPush)(
    'a job of a CI file pushes by digest, and leaves no tag of one architecture',
    { timeout: 120_000 },
    async ({ made }) => {
      const registry = await slowRegistry(Infinity)
      const tag = made.image('ci-job')
      try {
        const cwd = await room()
        const end = await runCli([...RAW, '--engine', 'docker', '--tag', tag], { cwd })
        const { id } = outcomeOf(end)
        for (const kind of ['github', 'gitlab'] as const) {
          const to = `${registry.host}/acme/${kind}:1`
          const noted = await pushedByJob(kind, cwd, { IMAGE: tag, REFERENCE: to })
          expect(noted).toMatch(/\/acme\/[a-z]+@sha256:[0-9a-f]{64}$/)
          const [, digest] = noted.split('@')
          const manifest = await read(registry.host, `acme/${kind}/manifests/${digest}`)
          expect(manifest.config?.digest).toBe(id)
          // A registry says so of a repository that has images, but no tag.
          const tags = await fetch(`http://${registry.host}/v2/acme/${kind}/tags/list`)
          expect(((await tags.json()) as { tags?: string[] }).tags ?? []).toEqual([])
          await docker(['rmi', '--force', to])
        }
      } finally {
        await registry.close()
      }
    },
  )

  test(
    'without a login the image keeps its name, and is told how to',
    { timeout: 120_000 },
    async () => {
      const registry = await slowRegistry(Infinity, 'login')
      const tag = names.tag('pushed')
      const to = `${registry.host}/acme/hello:1`
      try {
        const end = await runCli([...RAW, '--engine', 'docker', '--tag', tag, '--push', to], {
          cwd: await room(),
        })
        expect(end.exitCode).toBe(1)
        const [failure] = eventsOf(end, 'step-failed')
        expect(failure?.remedy?.code).toBe('push-login')
        expect(failure?.remedy?.todo[0]).toContain(`docker login ${registry.host}`)
        expect((await docker(['image', 'inspect', tag])).exitCode).toBe(0)
      } finally {
        await docker(['rmi', '--force', to])
        await registry.close()
      }
    },
  )
})
