import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { test } from './engine.ts'
import { familyMirrors, makeBuilderOf, STAND_IN, type FamilyMirrors } from './family-mirrors.ts'
import { describeDebian, expectNothingLeft, linesOf, printedIn } from './full.ts'
import { behind, newerStandIn, type Door, type NewerStandIn } from './newer-families.ts'
import { eventsOf, outcomeOf, runCli, type CliEnd } from './run-cli.ts'
import { compare, treeOf, type Tree } from './tree.ts'

/** A distribution of each tool that is newer there than in trixie, and what the tool says of itself. */
const NEWER = [
  { distro: 'fedora', release: '44', asked: ['dnf', '--version'], is: /^dnf5 version 5\./ },
  {
    distro: 'opensuse-tumbleweed',
    release: 'tumbleweed',
    asked: ['zypper', '--version'],
    is: /^zypper 1\.14\.\d{3}$/,
  },
  { distro: 'arch', release: 'arch', asked: ['pacman', '--version'], is: /Pacman v7\.[1-9]/ },
] as const

/** What the tools keep for themselves: caches, histories, logs. */
const KEPT =
  /^(?:var\/cache\/(?:dnf|libdnf5|zypp|pacman\/pkg)\/|var\/lib\/pacman\/sync\/|var\/log\/.)|transaction_history|dnf5\.log|-(?:shm|wal)$/

/**
 * How the tree by dnf 5 and rpm 6 differs from the one by dnf 4 and rpm 4.20: each tool's own folders, what dnf 5 keeps of
 * why a package is there, and the database, in which each rpm writes its own name.
 */
const OF_DNF_4: readonly RegExp[] = [/^etc\/dnf(?:\/modules\.d)?$/, /^var\/cache\/dnf$/]
const OF_DNF_5: readonly RegExp[] = [
  /^usr\/lib\/sysimage(?:\/libdnf5(?:\/|$)|$)/,
  /^var\/cache\/libdnf5$/,
]
const OF_BOTH: readonly RegExp[] = [/^var\/lib\/rpm\/rpmdb\.sqlite$/]

type Broken = 'unsigned' | 'tampered' | 'portal' | 'stranger' | 'down' | Door

const missing: Door = path => (/\/cbi-shell-[^/]*\.(?:rpm|zst)$/.test(path) ? 404 : null)
const noUpdates: Door = path => (path.includes('/updates/') ? 404 : null)

/** For each fault the remedy's code, and a line that the script says. */
const FAULTS: readonly (readonly [string, string, Broken, string, RegExp | string])[] = [
  ['fedora', 'without signatures', 'unsigned', 'package-unsigned', /: fedora-release-container-1/],
  ['fedora', "by a stranger's key", 'stranger', 'archive-unknown-key', 'MIRROR'],
  ['fedora', 'with a package that was changed', 'tampered', 'package-damaged', ': cbi-shell-1-1.'],
  ['fedora', 'that lacks a package', missing, 'package-gone', 'MIRROR'],
  ['fedora', 'that lacks the updates', noUpdates, 'archive-no-suite', ' 44 '],
  ['fedora', 'that lacks the release', () => 404, 'archive-no-suite', ' 44 '],
  ['fedora', 'that wants a login', () => 401, 'archive-login', 'MIRROR'],
  ['fedora', 'that is too busy', () => 503, 'archive-busy', '(503)'],
  ['fedora', 'behind a portal', 'portal', 'archive-portal', 'MIRROR'],
  ['fedora', 'that does not answer', 'down', 'archive-unreachable', 'MIRROR'],
  ['opensuse-tumbleweed', 'without signatures', 'unsigned', 'package-unsigned', 'MIRROR'],
  ['opensuse-tumbleweed', "by a stranger's key", 'stranger', 'archive-unknown-key', 'MIRROR'],
  ['opensuse-tumbleweed', 'with a changed package', 'tampered', 'package-damaged', ': cbi-shell-1'],
  ['opensuse-tumbleweed', 'that lacks a package', missing, 'package-gone', 'MIRROR'],
  ['arch', "by a stranger's key", 'stranger', 'archive-unknown-key', 'MIRROR'],
  ['arch', 'with a package that was changed', 'tampered', 'package-damaged', ': cbi-shell-1-1-'],
]

const WISHES = [
  ['fedora', 'no-such-package', 'package-unknown', ' no-such-package '],
  ['fedora', 'lacks-something', 'package-dependency', ': nobody-has-this '],
  ['fedora', 'failing-script', 'package-script', ': failing-script-1-1.'],
  ['opensuse-tumbleweed', 'failing-script', 'package-script', ': failing-script-1-1.'],
  ['arch', 'failing-script', 'package-script', 'failing-script'],
] as const

describeDebian('families by dnf 5, a newer zypper and pacman 7.1', ['trixie'], () => {
  let builder: NewerStandIn
  let mirrors: FamilyMirrors
  let cwd: string
  const trees = new Map<string, Tree>()

  beforeAll(async () => {
    builder = await newerStandIn()
    if (builder.image === null) {
      if (process.env.CBI_NEED_NEWER === '1') throw new Error(builder.lacks)
      return
    }
    mirrors = await familyMirrors(NEWER.map(({ distro }) => distro))
    cwd = mkdtempSync(join(tmpdir(), 'newer-families-'))
  }, 900_000)
  beforeEach(({ skip }) => skip(builder.image === null, builder.lacks ?? ''))
  afterAll(async () => {
    await mirrors?.close()
    if (cwd !== undefined) rmSync(cwd, { recursive: true, force: true })
  })

  interface How {
    readonly mirror?: string
    readonly image?: string
    readonly keyring?: string
  }

  const make = (
    distro: string,
    tag: string,
    more: readonly string[] = [],
    { mirror, image, keyring }: How = {},
  ): Promise<CliEnd> =>
    runCli(
      [
        '--yes',
        '--json',
        `--release=${distro}:${NEWER.find(one => one.distro === distro)!.release}`,
        `--tag=${tag}`,
        `--builder=${image ?? builder.image!}`,
        `--mirror=${mirror ?? mirrors.url(distro)}`,
        `--keyring=${keyring ?? mirrors.keyring}`,
        ...more,
        tag,
      ],
      { cwd },
    )

  test.for(NEWER)(
    '$distro is made, proven, and nothing that its tool keeps for itself is left',
    async ({ distro, asked, is }, { made }) => {
      expect(await printedIn(builder.image!, asked)).toMatch(is)
      const tag = made.image(`cbi-newer-${distro}`)
      const end = await make(distro, tag)
      expect(outcomeOf(end)).toMatchObject({ image: tag, proven: true })
      const counted = eventsOf(end, 'progress').filter(({ unit }) => unit === 'packages')
      const fractions = counted.map(({ fraction }) => fraction ?? 0)
      expect(fractions.length).toBeGreaterThan(2)
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
      expect(fractions.at(-1)).toBeGreaterThan(0.95)
      expect(counted.some(({ text }) => /^installing\b/i.test(text ?? ''))).toBe(true)
      const sizes = eventsOf(end, 'size').map(({ bytes }) => bytes)
      expect(sizes.length).toBeGreaterThan(2)
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
      // Neither a table as wide as the longest name, nor what is left of XML.
      for (const line of linesOf(end, 'bootstrap')) expect(line).not.toMatch(/ {20}|<\/|&\w+;/)
      const tree = await treeOf(tag)
      // An empty folder may be a package's own, so it stays.
      const kept = [...tree].filter(([path, entry]) => KEPT.test(path) && !entry.startsWith('dir'))
      expect(kept).toEqual([])
      trees.set(distro, tree)
      await expectNothingLeft(end, join(cwd, tag))
    },
  )

  test.for(NEWER)('$distro is the same tree twice', async ({ distro }, { made }) => {
    const tag = made.image(`cbi-newer-${distro}-again`)
    outcomeOf(await make(distro, tag))
    expect(trees.get(distro)!.size).toBeGreaterThan(40)
    expect(compare(trees.get(distro)!, await treeOf(tag))).toEqual({
      gone: [],
      come: [],
      changed: [],
    })
  })

  test('fedora has the tree that dnf 4 makes of it, but for what is listed', async ({ made }) => {
    const tag = made.image('cbi-newer-dnf4')
    outcomeOf(await make('fedora', tag, [], { image: STAND_IN }))
    const { gone, come, changed } = compare(await treeOf(tag), trees.get('fedora')!)
    expect(gone.filter(path => !OF_DNF_4.some(known => known.test(path)))).toEqual([])
    expect(come.filter(path => !OF_DNF_5.some(known => known.test(path)))).toEqual([])
    expect(changed.filter(path => !OF_BOTH.some(known => known.test(path)))).toEqual([])
    expect(come).not.toEqual([])
  })

  test('--keyring alone replaces the keys of the builder’s own repositories', async ({ made }) => {
    const own = made.image('cbi-newer-own-repositories')
    await makeBuilderOf('fedora', own, builder.image!, mirrors)
    const runWith = (tag: string, keyring: string): Promise<CliEnd> => {
      const release = ['--release=fedora:44', `--builder=${own}`, `--keyring=${keyring}`]
      return runCli(['--yes', '--json', ...release, `--tag=${tag}`, tag], { cwd })
    }
    const refused = await runWith('cbi-newer-stranger', mirrors.stranger)
    expect(eventsOf(refused, 'step-failed')[0]?.remedy?.code).toBe('archive-unknown-key')
    const tag = made.image('cbi-newer-right-keys')
    expect(outcomeOf(await runWith(tag, mirrors.keyring))).toMatchObject({ proven: true })
  })

  test('fedora slim, with less and with more packages', async ({ made }) => {
    const tag = made.image('cbi-newer-slim')
    const more = ['--slim', '--variant=micro', '--include=vim-minimal']
    const end = await make('fedora', tag, more)
    expect(outcomeOf(end)).toMatchObject({ image: tag, proven: true })
    const tree = await treeOf(tag)
    const readme = 'usr/share/doc/cbi-shell/README'
    expect(trees.get('fedora')!.get(readme)).toMatch(/^file 644 0:0 14 /)
    expect(tree.get(readme)).toBeUndefined()
    expect(tree.get('usr/bin/pinger')).toContain(' security.capability=')
    const asked = await printedIn(tag, ['cat', '/usr/lib/sysimage/libdnf5/packages.toml'])
    expect(asked).toContain('vim-minimal')
    expect(asked).not.toContain('util-linux')
  })

  test.for(FAULTS)('%s from a mirror %s', async ([distro, name, broken, code, says]) => {
    const kept = broken === 'unsigned' || broken === 'tampered' || broken === 'portal'
    const url = mirrors.url(distro, kept ? broken : undefined)
    const mirror =
      typeof broken === 'function'
        ? await behind(url, broken)
        : broken === 'down'
          ? url.replace(/:\d+/, ':1')
          : url
    const keyring = broken === 'stranger' ? mirrors.stranger : mirrors.keyring
    const tag = `cbi-newer-${distro}-${name.replace(/\W+/g, '-')}`
    await expectRemedy(await make(distro, tag, [], { mirror, keyring }), code, says, mirror)
  })

  test.for(WISHES)('%s with %s', async ([distro, include, code, says]) => {
    const end = await make(distro, `cbi-newer-${distro}-${include}`, [`--include=${include}`])
    await expectRemedy(end, code, says, '')
  })
})

/** Expects that a run failed with a remedy, that the script says what it is about, and that nothing is left. */
const expectRemedy = async (
  end: CliEnd,
  code: string,
  says: RegExp | string,
  mirror: string,
): Promise<void> => {
  expect([1, 3]).toContain(end.exitCode)
  expect(eventsOf(end, 'step-failed')[0]?.remedy?.code, end.stdout).toBe(code)
  const said = linesOf(end, 'bootstrap').at(-1)
  if (typeof says === 'string') expect(said).toContain(says.replace('MIRROR', mirror))
  else expect(said).toMatch(says)
  await expectNothingLeft(end, null)
}
