import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { execa } from 'execa'
import { madeMirror, MIRROR } from '../bootstrap/apk/mirror.ts'
import { madeIndex, signer } from '../bootstrap/apk/repository.ts'
import { describeEngine, docker, test } from './engine.ts'
import { expectNothingLeft, linesOf, printedIn, withoutMknod } from './full.ts'
import { describePodman, imagePrefix, podmanContainers } from './podman.ts'
import { eventsOf, newNames, outcomeOf, runCli, runOf, type CliEnd } from './run-cli.ts'
import { as137, busyboxHere, scriptedAlpine, served, type Served } from './small-families.ts'
import { MOUNTED, treeOf, unlike } from './tree.ts'

const KEY = 'owner@example.org-5f1a2b3c.rsa.pub'
const ARCH = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
const LONG = { timeout: 400_000 }
const LAYERS = '{{json .RootFS.Layers}}'

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
    const index = `${MIRROR}/v3.20/main/${ARCH}/APKINDEX.tar.gz`
    const unsigned = new Map([[index, madeIndex([], null)]])
    ;[builder, mirror, musl] = await Promise.all([
      scriptedAlpine(`${names.prefix}/alpine:3.20`, names.prefix),
      served(madeMirror([{ name: 'busybox' }], owner, wide), { unsigned }),
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
    const usual = [`--mirror=${mirror.url}`, `--builder=${builder}`].filter(
      word => !more.some(other => other.startsWith(word.slice(0, 8))),
    )
    const words = ['--yes', '--json', '--release=alpine:3.20', `--keyring=${KEY}`, `--tag=${tag}`]
    return runCli([...words, ...usual, ...more, tag.replace(/[:/]/g, '-')], { cwd, env })
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
    'what is included comes too, and the image holds under a deep look',
    LONG,
    async ({ made }) => {
      const tag = made.image('cbi-alpine-more')
      const end = await alpine(tag, ['--include=curl,tini', '--verify'])
      expect(outcomeOf(end).proven).toBe(true)
      expect(linesOf(end, 'verify').at(-1)).toMatch(/^all \w+ checks passed$/)
      expect(await printedIn(tag, ['grep', '^P:', '/lib/apk/db/installed'])).toMatch(
        /^P:busybox\n[^]*P:curl\nP:tini$/m,
      )
      const drifted = await alpine(made.image('cbi-alpine-drifted'), [
        '--include=drifted',
        '--verify',
      ])
      expect(drifted.exitCode).toBe(1)
      expect(eventsOf(drifted, 'step-failed')[0]).toMatchObject({ step: 'verify' })
      expect(linesOf(drifted, 'verify').join('\n')).toContain(
        'E: failed:  every file is as its package brought it (apk audit)\nU etc/drifted',
      )
    },
  )

  test('its build.sh makes the same layer', LONG, async ({ made }) => {
    const tag = made.image('cbi-alpine-script')
    outcomeOf(await alpine(tag))
    const ours = await docker(['image', 'inspect', '--format', LAYERS, tag])
    await docker(['image', 'rm', tag])
    const folder = join(cwd, tag)
    const built = await execa('sh', ['build.sh'], { cwd: folder, all: true, reject: false })
    expect(built.exitCode, built.all).toBe(0)
    expect(built.all).toContain('VERSION_ID=3.20.3')
    expect(await docker(['image', 'inspect', '--format', LAYERS, tag])).toEqual(ours)
  })

  describePodman('by Podman, whose containers may not mknod', () => {
    const prefix = imagePrefix()

    test('Alpine has the tree that it has by Docker', LONG, async ({ made }) => {
      const own = `localhost/${prefix}/alpine:3.20`
      const script = 'docker save "$0" | podman load && podman tag "$0" "$1" && podman rmi "$0"'
      const brought = await execa('sh', ['-c', script, builder, own], { reject: false, all: true })
      expect(brought.exitCode, brought.all).toBe(0)
      const tag = `${prefix}/alpine`
      const end = await alpine(tag, ['--engine=podman', `--builder=${own}`, '--verify'])
      expect(outcomeOf(end)).toMatchObject({ image: tag, proven: true })
      expect(await podmanContainers(runOf(end))).toEqual([])
      const docked = made.image('cbi-alpine-docked')
      outcomeOf(await alpine(docked))
      const differing = unlike(await treeOf(docked), await treeOf(tag, 'podman'))
      expect(differing.filter(path => !MOUNTED.test(path))).toEqual([])
    })
  })

  // Each as it was recorded of apk, at a mirror's address or of a package.
  test.for<readonly [string, string, number, RegExp, (readonly string[])?]>([
    ['down', 'archive-unreachable', 3, /gets no answer from/],
    ['nohost', 'archive-unreachable', 3, /gets no answer from/],
    ['notfound', 'archive-no-suite', 1, /does not have the release/],
    ['wrongarch', 'archive-no-suite', 1, /does not have the release/],
    ['wrongkey', 'archive-unknown-key', 1, /not among the trusted/],
    ['unsigned', 'package-unsigned', 1, /no signature where one must be .*unsigned/],
    ['portal', 'archive-portal', 3, /captive portal/],
    ['missingfile', 'package-gone', 1, /middle of an update/],
    ['corrupt', 'package-damaged', 1, /not the one that the signed index promises/],
    ['diskfull', 'package-room', 3, /too little room/],
    ['alpine', 'package-unknown', 1, /no package of that name/, ['--include=no-such-package']],
  ])('%s: %s', LONG, async ([fault, code, exitCode, what, more = []]) => {
    const end = await alpine(`cbi-alpine-${fault}`, [
      `--mirror=${mirror.url.replace('alpine', fault)}`,
      ...more,
    ])
    const [failure] = eventsOf(end, 'step-failed')
    expect(failure?.remedy?.code, end.stdout).toBe(code)
    expect(failure!.remedy!.what).toMatch(what)
    expect(end.exitCode).toBe(exitCode)
    await expectNothingLeft(end, null)
  })

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

  test(
    'build.sh of BusyBox by musl makes the same tree in Alpine’s builder, from that mirror by that key',
    LONG,
    async ({ made }) => {
      const [ours, script] = [made.image('cbi-busybox-musl'), made.image('cbi-busybox-musl-kept')]
      const words = ['--release=busybox', '--variant=musl', `--keyring=${KEY}`]
      const from = [`--mirror=${musl.url}`, `--builder=${builder}`]
      const all = ['--yes', '--json', ...words, ...from, `--tag=${ours}`, 'cbi-busybox-musl']
      const end = await runCli(all, { cwd })
      expect(end.exitCode, end.stdout).toBe(0)
      const folder = join(cwd, 'cbi-busybox-musl')
      await docker(['load', '--input', join(folder, 'cbi-busybox-musl.tar')])
      await docker(['tag', ours, script])
      await docker(['rmi', ours])
      const built = await execa('sh', ['build.sh'], { cwd: folder, all: true, reject: false })
      expect(built.exitCode, built.all).toBe(0)
      expect(built.all).toContain('PRETTY_NAME="BusyBox 1.37"')
      expect(unlike(await treeOf(script), await treeOf(ours))).toEqual([])
      expect(await printedIn(ours, ['cat', '/etc/os-release'])).toContain('VARIANT_ID=musl')
    },
  )
})
