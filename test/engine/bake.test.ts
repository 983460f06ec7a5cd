import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { familyMirrors, STAND_IN, type FamilyMirrors } from './family-mirrors.ts'
import { newNames, outcomeOf, runCli } from './run-cli.ts'
import { treeOf, unlike } from './tree.ts'

/** An engine with the containerd store keeps what buildx bakes, with its attestations; `.ci/run` has one of its own. */
const bakes =
  spawnSync('docker', ['buildx', 'version']).status === 0 &&
  /containerd/.test(
    spawnSync('docker', ['info', '--format', '{{.DriverStatus}}'], { encoding: 'utf8' }).stdout,
  )

/** What a bake has otherwise than our own run, each with the reason. */
const MAY_DIFFER: Readonly<Record<string, string>> = {}

describe.skipIf(!bakes)(
  'a bootstrapped image, baked by buildx (needs the containerd store)',
  () => {
    const names = newNames()
    let cwd: string
    let mirrors: FamilyMirrors

    beforeAll(async () => {
      mirrors = await familyMirrors(['fedora'])
      cwd = mkdtempSync(join(tmpdir(), 'bake-'))
      // Where the file says that it must lie.
      copyFileSync(mirrors.keyring, join(cwd, 'keyring.gpg'))
    }, 300_000)
    afterAll(async () => {
      await mirrors?.close()
      rmSync(cwd, { recursive: true, force: true })
      await names.remove()
    })

    const words = (tag: string): string[] => {
      const from = [`--mirror=${mirrors.url('fedora')}`, '--keyring=keyring.gpg']
      return ['--release=fedora:44', `--tag=${tag}`, `--builder=${STAND_IN}`, ...from]
    }

    /** Bakes the file as it is used with an engine's own builder, which puts the image into the engine. */
    const bake = (file: string, ...more: string[]) =>
      execa('docker', ['buildx', 'bake', '--file', file, ...more], {
        cwd,
        env: { ATTEST: '', TIMES: '' },
      })

    /** Bakes it with nothing cached and with equal times, into an archive, and returns the digest of what came out. */
    const digestOf = async (file: string): Promise<string> => {
      const told = join(cwd, 'metadata.json')
      const output = '*.output=type=oci,dest=baked.tar,rewrite-timestamp=true'
      await bake(file, '--no-cache', '--metadata-file', told, '--set', output)
      const [target] = Object.values(
        JSON.parse(readFileSync(told, 'utf8')) as Record<string, Record<string, string>>,
      )
      return target!['containerimage.digest']!
    }

    test(
      'it has the tree that our own run makes, and two bakes have one digest',
      { timeout: 300_000 },
      async () => {
        const [own, baked] = [names.tag('own'), names.tag('baked')]
        outcomeOf(await runCli(['--yes', '--json', ...words(own), 'own'], { cwd }))
        const { stdout } = await runCli(['--script', 'bake', ...words(baked)], { cwd })
        writeFileSync(join(cwd, 'docker-bake.hcl'), stdout)
        const first = await digestOf('docker-bake.hcl')
        expect(first).toMatch(/^sha256:/)
        await bake('docker-bake.hcl')
        expect(await digestOf('docker-bake.hcl')).toBe(first)
        const tree = await treeOf(baked)
        expect(tree.size).toBeGreaterThan(40)
        expect(unlike(await treeOf(own), tree)).toEqual(Object.keys(MAY_DIFFER))
      },
    )
  },
)
