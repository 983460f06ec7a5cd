import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { madeMirror } from '../bootstrap/apk/mirror.ts'
import { signer } from '../bootstrap/apk/repository.ts'
import { describeEngine, docker, test } from './engine.ts'
import { expectNothingLeft, linesOf, printedIn, withoutMknod } from './full.ts'
import { eventsOf, newNames, outcomeOf, runCli, type CliEnd } from './run-cli.ts'
import { busyboxHere, scriptedAlpine, served, type Served } from './small-families.ts'

const KEY = 'owner@example.org-5f1a2b3c.rsa.pub'
const ARCH = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
const LONG = { timeout: 400_000 }
const LAYERS = '{{json .RootFS.Layers}}'

/** Any BusyBox runs; the catalogue's is 1.37. */
const as137 = (program: Buffer): Buffer =>
  Buffer.from(
    program.toString('latin1').replace(/BusyBox v1\.\d\d\.\d/, 'BusyBox v1.37.0'),
    'latin1',
  )

// Debian packages no apk, and whoever has no static BusyBox has no stand-in either.
const hasNone = busyboxHere() === null && process.env.CBI_NEED_ENGINE !== '1'
const describeSmall = hasNone ? describe.skip : describeEngine

describeSmall('Alpine by a scripted apk, and BusyBox', () => {
  const names = newNames()
  const cwd = mkdtempSync(join(tmpdir(), 'small-families-'))
  const owner = signer(KEY)
  let builder: string
  let mirror: Served
  let musl: Served

  beforeAll(async () => {
    writeFileSync(join(cwd, KEY), owner.key.pem)
    const busybox = { path: 'bin/busybox.static', bytes: as137(busyboxHere()!), mode: 0o755 }
    const program = { name: 'busybox-static', version: '1.37.0-r18', files: [busybox] }
    const wide = { architecture: ARCH }
    ;[builder, mirror, musl] = await Promise.all([
      scriptedAlpine(`${names.prefix}/alpine:3.20`, names.prefix),
      served(madeMirror([{ name: 'busybox' }], owner, wide)),
      served(madeMirror([program], owner, { ...wide, branch: 'v3.22' })),
    ])
  }, 400_000)
  afterAll(async () => {
    await Promise.all([mirror?.close(), musl?.close()])
    rmSync(cwd, { recursive: true, force: true })
    await names.remove()
  })

  const alpine = (
    tag: string,
    more: readonly string[] = [],
    env = process.env,
  ): Promise<CliEnd> => {
    const from = ['--release=alpine:3.20', `--builder=${builder}`, `--keyring=${KEY}`]
    const words = ['--yes', '--json', ...from, `--tag=${tag}`, ...more]
    const mirrored = more.some(word => word.startsWith('--mirror'))
      ? []
      : [`--mirror=${mirror.url}`]
    return runCli([...words, ...mirrored, tag.replace(/[:/]/g, '-')], { cwd, env })
  }

  test(
    'Alpine is made in a container, proven, and the key keeps its name',
    LONG,
    async ({ made }) => {
      const tag = made.image('cbi-alpine')
      const end = await alpine(tag)
      expect(outcomeOf(end)).toMatchObject({ image: tag, proven: true })
      expect(await printedIn(tag, ['cat', '/etc/os-release'])).toContain('VERSION_ID=3.20.3')
      expect(await printedIn(tag, ['ls', '/etc/apk/keys'])).toBe(KEY)
      expect(await printedIn(tag, ['cat', '/etc/apk/repositories'])).toBe(
        `${mirror.url}/v3.20/main`,
      )
      expect(await printedIn(tag, ['stat', '-c', '%a %u:%g', '/etc/shadow'])).toBe('640 0:42')
      expect(await printedIn(tag, ['cat', '/etc/shadow'])).toBe('root:*:0:::::')
      expect(linesOf(end, 'bootstrap')).toContain('(3/15) Installing busybox (1.36.1-r29)')
      const bytes = eventsOf(end, 'progress').filter(({ step }) => step === 'bootstrap')
      expect(bytes.at(-1)).toMatchObject({ unit: 'bytes', done: 8643575, total: 8643575 })
      await expectNothingLeft(end, join(cwd, tag))
    },
  )

  test(
    'Alpine is the same layer twice, also where the engine refuses MKNOD',
    LONG,
    async ({ made }) => {
      const tags = [made.image('cbi-alpine-1'), made.image('cbi-alpine-2')]
      outcomeOf(await alpine(tags[0]!))
      outcomeOf(await alpine(tags[1]!, [], { ...process.env, ...withoutMknod(cwd) }))
      const { stdout } = await docker(['image', 'inspect', '--format', LAYERS, ...tags])
      const [first, second] = stdout.split('\n')
      expect(first).toBe(second)
    },
  )

  test(
    'what apk says of an unknown package and of a stranger’s key gets its own advice',
    LONG,
    async () => {
      const unknown = await alpine('cbi-alpine-unknown', ['--include=no-such-package'])
      const stranger = mirror.url.replace('/alpine', '/stranger')
      const refused = await alpine('cbi-alpine-stranger', [`--mirror=${stranger}`])
      expect([unknown.exitCode, eventsOf(unknown, 'step-failed')[0]?.remedy?.code]).toEqual([
        1,
        'package-unknown',
      ])
      expect([refused.exitCode, eventsOf(refused, 'step-failed')[0]?.remedy?.code]).toEqual([
        1,
        'archive-unknown-key',
      ])
      for (const end of [unknown, refused]) await expectNothingLeft(end, null)
    },
  )

  test(
    'BusyBox comes out of a signed package with no container, and the engine runs it',
    LONG,
    async ({ made }) => {
      const tag = made.image('cbi-busybox')
      const words = [
        '--distro=busybox',
        '--variant=musl',
        `--keyring=${KEY}`,
        `--mirror=${musl.url}`,
      ]
      const archives = []
      for (const folder of ['cbi-busybox', 'cbi-busybox-again']) {
        const all = ['--yes', '--json', ...words, `--tag=${tag}`, folder]
        const end = await runCli(all, { cwd })
        expect(end.exitCode, end.stdout).toBe(0)
        archives.push(readFileSync(join(cwd, folder, 'cbi-busybox.tar')))
      }
      expect(archives[0]!.equals(archives[1]!)).toBe(true)
      await docker(['load', '--input', join(cwd, 'cbi-busybox/cbi-busybox.tar')])
      expect(await printedIn(tag, ['cat', '/etc/os-release'])).toContain('PRETTY_NAME="BusyBox 1.')
      expect(await printedIn(tag, ['grep', '^root:', '/etc/shadow'])).toMatch(/^root:[*!]/)
      // Every name that the program has leads to it.
      const places = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', ''].map(
        at => `[ -e "${at}/$name" ]`,
      )
      const lost = `for name in $(busybox --list); do ${places.join(' || ')} || echo "$name"; done`
      expect(await printedIn(tag, ['sh', '-c', lost])).toBe('')
    },
  )
})
