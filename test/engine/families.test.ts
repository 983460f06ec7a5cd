import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { docker, test } from './engine.ts'
import { describeDebian, expectNothingLeft, listingOf, printedIn } from './full.ts'
import { familyMirrors, STAND_IN, WANTED, type FamilyMirrors } from './family-mirrors.ts'
import { eventsOf, outcomeOf, runCli, type CliEnd } from './run-cli.ts'

const ALL = [
  ...WANTED.map(({ distro, release }) => ({ distro, release })),
  { distro: 'arch', release: 'arch' },
]

describeDebian('other families, against small signed repositories', ['trixie'], () => {
  let mirrors: FamilyMirrors
  let cwd: string

  beforeAll(async () => {
    mirrors = await familyMirrors()
    cwd = mkdtempSync(join(tmpdir(), 'families-'))
  }, 300_000)
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
        '--builder',
        STAND_IN,
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
    },
  )

  test(
    'a file capability and documents are there, and slim leaves the documents out',
    { timeout: 240_000 },
    async ({ made }) => {
      const [usual, slim] = [made.image('cbi-rpm-usual'), made.image('cbi-rpm-slim')]
      expect((await make('fedora', usual)).exitCode).toBe(0)
      expect((await make('fedora', slim, ['--slim'])).exitCode).toBe(0)
      const readme = '/usr/share/doc/cbi-shell/README'
      expect(await printedIn(usual, ['cat', readme])).toBe('documentation')
      expect((await docker(['run', '--rm', slim, 'ls', readme])).exitCode).toBe(1)
      const listing = await listingOf(usual)
      expect(listing.some(line => line.includes('usr/bin/pinger'))).toBe(true)
      expect(listing.some(line => / \.?\/?dev\/null$/.test(line) && line.startsWith('-'))).toBe(
        false,
      )
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
