import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test as plainTest } from 'vitest'
import { execa } from 'execa'
import { describeEngine, docker, test } from './engine.ts'
import { slowRegistry } from './registry.ts'
import { eventsOf, newNames, outcomeOf, room, runCli, stepsDone } from './run-cli.ts'

const has = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).error === undefined
const canSign =
  has('cosign', 'version') && has('skopeo', '--version') && has('docker-registry', '--version')

const RAW = ['--yes', '--json', '--program', 'raw']
const PASSWORD = 'a word'

// Not by spawnSync: the registry's front is in this process.
const cosign = async (cwd: string, ...args: string[]): Promise<number | undefined> =>
  (await execa('cosign', args, { cwd, reject: false, env: { COSIGN_PASSWORD: PASSWORD } })).exitCode

const keysIn = async (cwd: string, name: string): Promise<void> => {
  expect(await cosign(cwd, 'generate-key-pair')).toBe(0)
  for (const end of ['key', 'pub'])
    renameSync(join(cwd, `cosign.${end}`), join(cwd, `${name}.${end}`))
}

const verified = (cwd: string, key: string, image: string): Promise<number | undefined> =>
  cosign(cwd, 'verify', '--key', key, '--insecure-ignore-tlog=true', image)

/** What an attested statement in the registry says, once cosign has checked that this key signed it. */
const attested = async (cwd: string, key: string, image: string) => {
  const options = ['--key', key, '--insecure-ignore-tlog=true', '--type', 'spdxjson']
  const { stdout } = await execa('cosign', ['verify-attestation', ...options, image], { cwd })
  const { payload } = JSON.parse(stdout.split('\n')[0]!) as { readonly payload: string }
  return JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as {
    readonly predicate: unknown
    readonly subject: readonly { readonly digest: { readonly sha256: string } }[]
  }
}

describe.skipIf(!canSign)('a signature (needs cosign, skopeo and docker-registry)', () => {
  plainTest(
    'the index and each image of it are signed by that key, and by no other',
    { timeout: 180_000 },
    async () => {
      const registry = await slowRegistry(Infinity)
      const cwd = await room()
      await keysIn(cwd, 'ours')
      await keysIn(cwd, 'theirs')
      const to = `${registry.host}/acme/several:1`
      const argv = [...RAW, '--engine', 'none', '--arch', 'amd64,arm64', '--push', to]
      const sign = ['--sign', 'ours.key']
      try {
        const wrong = await runCli([...argv, ...sign], {
          cwd,
          env: { ...process.env, COSIGN_PASSWORD: 'other' },
        })
        expect(eventsOf(wrong, 'step-failed')[0]?.remedy?.code).toBe('sign-password')
        expect(await verified(cwd, 'ours.pub', to)).not.toBe(0)
        const end = await runCli([...argv, ...sign], {
          cwd,
          env: { ...process.env, COSIGN_PASSWORD: PASSWORD },
        })
        const { pushedDigest, next } = outcomeOf(end)
        expect(pushedDigest).toMatch(/^sha256:/)
        expect(next.at(-1)).toContain('cosign verify --key')
        expect(await verified(cwd, 'ours.pub', to)).toBe(0)
        expect(await verified(cwd, 'theirs.pub', to)).not.toBe(0)
        const index = (await (
          await fetch(`http://${registry.host}/v2/acme/several/manifests/${pushedDigest}`, {
            headers: { accept: 'application/vnd.oci.image.index.v1+json' },
          })
        ).json()) as { readonly manifests: readonly { readonly digest: string }[] }
        for (const { digest } of index.manifests)
          expect(await verified(cwd, 'ours.pub', `${registry.host}/acme/several@${digest}`)).toBe(0)
      } finally {
        await registry.close()
      }
    },
  )

  describeEngine('of what an engine pushed', () => {
    const names = newNames()
    afterAll(() => names.remove())

    test('it is of the digest that the engine told', { timeout: 120_000 }, async () => {
      const registry = await slowRegistry(Infinity)
      const cwd = await room()
      await keysIn(cwd, 'ours')
      const to = `${registry.host}/acme/hello:1`
      const tag = names.tag('signed')
      try {
        const argv = [...RAW, '--engine', 'docker', '--tag', tag, '--push', to]
        const end = await runCli([...argv, '--sign', 'ours.key'], {
          cwd,
          env: { ...process.env, COSIGN_PASSWORD: PASSWORD },
        })
        expect(stepsDone(end)).toContain('sign')
        const { pushedDigest } = outcomeOf(end)
        expect(await verified(cwd, 'ours.pub', `${registry.host}/acme/hello@${pushedDigest}`)).toBe(
          0,
        )
        // The SBOM beside it in the registry is the one in the project folder, and is of this image.
        const { predicate, subject } = await attested(cwd, 'ours.pub', to)
        const folder = readdirSync(cwd).find(name => existsSync(join(cwd, name, 'sbom.spdx.json')))!
        const own = readFileSync(join(cwd, folder, 'sbom.spdx.json'), 'utf8')
        expect(predicate).toEqual(JSON.parse(own))
        expect(subject.map(({ digest }) => `sha256:${digest.sha256}`)).toEqual([pushedDigest])
      } finally {
        await docker(['rmi', '--force', to])
        await registry.close()
      }
    })
  })
})
