import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect } from 'vitest'
import { test, type Made } from './engine.ts'
import { describeDebian, expectNothingLeft, printedIn } from './full.ts'
import { familyMirrors, STAND_IN, WANTED, type FamilyMirrors } from './family-mirrors.ts'
import { describePodman, imagePrefix, podmanContainers } from './podman.ts'
import { treeOf, unlike, type Tree } from './tree.ts'
import { eventsOf, outcomeOf, runCli, runOf, type CliEnd } from './run-cli.ts'

const ALL = [
  ...WANTED.map(({ distro, release }) => ({ distro, release })),
  { distro: 'arch', release: 'arch' },
]

/** A distribution of each tool, and the paths that may differ between two images of it, each with the reason. */
const MAY_DIFFER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fedora: {},
  'opensuse-leap': {},
  arch: {},
}

describeDebian('other families, against small signed repositories', ['trixie'], () => {
  let mirrors: FamilyMirrors
  let cwd: string
  const trees = new Map<string, Tree>()

  beforeAll(async () => {
    mirrors = await familyMirrors()
    cwd = mkdtempSync(join(tmpdir(), 'families-'))
  }, 600_000)
  afterAll(async () => {
    await mirrors?.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const make = (
    distro: string,
    tag: string,
    more: readonly string[] = [],
    fault?: 'unsigned' | 'tampered' | 'portal',
    keyring = mirrors.keyring,
  ): Promise<CliEnd> => {
    const release = ALL.find(one => one.distro === distro)!.release
    return runCli(
      [
        '--yes',
        '--json',
        '--distro',
        distro,
        '--release',
        release,
        '--tag',
        tag,
        ...(more.includes('--builder') ? [] : ['--builder', STAND_IN]),
        '--mirror',
        mirrors.url(distro, fault),
        '--keyring',
        keyring,
        ...more,
        tag.replace(/[:/]/g, '-'),
      ],
      { cwd },
    )
  }

  test.for(ALL)(
    '$distro is made, proven, and holds what it must',
    { timeout: 400_000 },
    async ({ distro }, { made }) => {
      const tag = made.image(`cbi-${distro}`)
      const end = await make(distro, tag)
      expect(end.exitCode, end.stdout + end.stderr).toBe(0)
      expect(outcomeOf(end)).toMatchObject({ image: tag, proven: true })
      expect(await printedIn(tag, ['cat', '/etc/os-release'])).toContain('ID=')
      expect(await printedIn(tag, ['grep', '^root:', '/etc/shadow'])).toBe(
        distro === 'arch' ? 'root:*:14871::::::' : 'root:*:::::::',
      )
      // Progress in packages, sizes as they fall.
      const counted = eventsOf(end, 'progress').filter(
        ({ step, unit }) => step === 'bootstrap' && unit === 'packages',
      )
      expect(counted.length, 'progress').toBeGreaterThan(0)
      await expectNothingLeft(end, join(cwd, tag))
      if (distro in MAY_DIFFER) trees.set(distro, await treeOf(tag))
    },
  )

  /** The tree of an image with the usual words; of one that an earlier test has made, where there is one. */
  const treeOnce = async (distro: string, made: Made): Promise<Tree> => {
    const known = trees.get(distro)
    if (known !== undefined) return known
    const tag = made.image(`cbi-${distro}-once`)
    outcomeOf(await make(distro, tag))
    return treeOf(tag)
  }

  test.for(Object.entries(MAY_DIFFER))(
    '%s is the same tree twice, but for what is listed',
    { timeout: 400_000 },
    async ([distro, reasons], { made }) => {
      const first = await treeOnce(distro, made)
      const tag = made.image(`cbi-${distro}-again`)
      outcomeOf(await make(distro, tag))
      expect(first.size).toBeGreaterThan(40)
      expect(unlike(first, await treeOf(tag))).toEqual(Object.keys(reasons).toSorted())
    },
  )

  describePodman('by Podman, whose containers may not mknod', () => {
    const prefix = imagePrefix()
    const builder = `localhost/${prefix}/families:trixie`

    test('fedora has the tree that it has by Docker', { timeout: 400_000 }, async ({ made }) => {
      const brought = await execa(
        'sh',
        [
          '-c',
          'docker save "$0" | podman load && podman tag "$0" "$1" && podman rmi "$0"',
          STAND_IN,
          builder,
        ],
        { reject: false, all: true },
      )
      expect(brought.exitCode, brought.all).toBe(0)
      const tag = `${prefix}/fedora`
      const words = ['--engine', 'podman', '--builder', builder]
      const end = await make('fedora', tag, words)
      expect(outcomeOf(end)).toMatchObject({ image: tag, proven: true })
      expect(await podmanContainers(runOf(end))).toEqual([])
      const byPodman = await treeOf(tag, 'podman')
      const byDocker = await treeOnce('fedora', made)
      const engines =
        /^(?:\.dockerenv|dev|proc|sys|run|etc\/(?:hosts|hostname|resolv\.conf|mtab))(?:\/|$)/
      expect(unlike(byDocker, byPodman).filter(path => !engines.test(path))).toEqual([])
    })
  })

  test(
    'a file capability and documents are there, and slim leaves the documents out',
    { timeout: 240_000 },
    async ({ made }) => {
      const usual = await treeOnce('fedora', made)
      const slim = made.image('cbi-rpm-slim')
      expect((await make('fedora', slim, ['--slim'])).exitCode).toBe(0)
      const readme = 'usr/share/doc/cbi-shell/README'
      expect(usual.get(readme)).toMatch(/^file 644 0:0 14 /)
      expect((await treeOf(slim)).get(readme)).toBeUndefined()
      expect(usual.get('usr/bin/pinger')).toContain(' security.capability=')
      expect(usual.get('dev/null') ?? '').not.toMatch(/^file /)
    },
  )

  test.for([
    ['fedora', 'unsigned', 'package-unsigned'],
    ['fedora', 'tampered', 'package-damaged'],
    ['fedora', 'portal', 'archive-portal'],
    ['opensuse-leap', 'unsigned', 'package-unsigned'],
    ['opensuse-leap', 'portal', 'archive-portal'],
    ['arch', 'unsigned', 'package-unsigned'],
    ['arch', 'tampered', 'package-damaged'],
    ['arch', 'portal', 'archive-portal'],
  ] as const)('%s, %s: %s', { timeout: 400_000 }, async ([distro, fault, code]) => {
    const end = await make(distro, `cbi-${distro}-${fault}`, [], fault)
    expect(end.exitCode).not.toBe(0)
    expect(eventsOf(end, 'step-failed')[0]?.remedy?.code, end.stdout).toBe(code)
    await expectNothingLeft(end, null)
  })

  test.for([
    ['fedora', ['--include', 'no-such-package'], 'package-unknown'],
    ['fedora', ['--include', 'failing-script'], 'package-script'],
    ['fedora', ['--include', 'lacks-something'], 'package-dependency'],
    ['opensuse-leap', ['--include', 'no-such-package'], 'package-unknown'],
    ['opensuse-leap', ['--include', 'failing-script'], 'package-script'],
    ['arch', ['--include', 'no-such-package'], 'package-unknown'],
    ['arch', ['--include', 'failing-script'], 'package-script'],
    ['arch', ['--include', 'lacks-something'], 'package-dependency'],
  ] as const)('%s %j: %s', { timeout: 400_000 }, async ([distro, more, code]) => {
    const end = await make(distro, `cbi-${distro}-${more[1]}`, more)
    expect(end.exitCode).toBe(1)
    expect(eventsOf(end, 'step-failed')[0]?.remedy?.code, end.stdout).toBe(code)
    await expectNothingLeft(end, null)
  })

  test.for(['fedora', 'opensuse-leap', 'arch'])(
    '%s by a stranger is not trusted',
    { timeout: 400_000 },
    async distro => {
      const end = await make(distro, `cbi-${distro}-stranger`, [], undefined, mirrors.stranger)
      expect(end.exitCode).toBe(1)
      expect(eventsOf(end, 'step-failed')[0]?.remedy?.code, end.stdout).toBe('archive-unknown-key')
    },
  )

  test('another release at the address is noticed', { timeout: 400_000 }, async () => {
    const end = await runCli(
      [
        '--yes',
        '--json',
        '--release',
        'rocky:9',
        '--tag',
        'cbi-other',
        '--builder',
        STAND_IN,
        '--mirror',
        mirrors.url('almalinux').replace('almalinux', 'almalinux/none'),
        '--keyring',
        mirrors.keyring,
        'cbi-other',
      ],
      { cwd },
    )
    expect(eventsOf(end, 'step-failed')[0]?.remedy?.code, end.stdout).toBe('archive-no-suite')
  })
})
