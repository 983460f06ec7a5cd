import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect } from 'vitest'
import { readAsset } from '../../src/assets.ts'
import { docker, test, type Made } from './engine.ts'
import { BREAKS, FAULTS, verifyLines, KINDS, SAYS, WITH_MANAGER } from './family-cases.ts'
import { describeDebian, expectNothingLeft, linesOf, printedIn, withoutMknod } from './full.ts'
import {
  familyMirrors,
  makeBuilderOf,
  STAND_IN,
  type FamilyMirrors,
  type Kind,
} from './family-mirrors.ts'
import { describePodman, imagePrefix, podmanContainers } from './podman.ts'
import { MOUNTED, treeOf, unlike, type Tree } from './tree.ts'
import { eventsOf, outcomeOf, runCli, runOf, type CliEnd } from './run-cli.ts'

const RELEASES: Readonly<Record<string, string>> = {
  fedora: '44',
  rocky: '9',
  almalinux: '10',
  'centos-stream': '9',
  'opensuse-leap': '16.0',
  'opensuse-tumbleweed': 'tumbleweed',
  arch: 'arch',
}

/** Every distribution once, the variants spread over them. What has no package manager is verified on the way. */
const ALL: readonly (readonly [string, readonly string[]])[] = [
  ['fedora', []],
  ['rocky', ['--variant=micro', '--verify']],
  ['almalinux', ['--variant=minimal']],
  ['centos-stream', []],
  ['opensuse-leap', []],
  ['opensuse-tumbleweed', ['--variant=micro', '--verify']],
  ['arch', []],
]

/** A distribution of each tool, and the paths that may differ between two images of it, each with the reason. */
const MAY_DIFFER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fedora: {},
  'opensuse-leap': {},
  arch: {},
}

const TOOLS = Object.keys(MAY_DIFFER)
const LONG = { timeout: 400_000 }

interface How {
  readonly kind?: Kind
  readonly keyring?: string
  readonly env?: NodeJS.ProcessEnv
}

describeDebian('other families, against small signed repositories', ['trixie'], () => {
  let mirrors: FamilyMirrors
  let cwd: string
  let noMknod: NodeJS.ProcessEnv
  const trees = new Map<string, Tree>()

  beforeAll(async () => {
    mirrors = await familyMirrors(Object.keys(RELEASES), ['rocky', 'opensuse-leap', 'arch'])
    cwd = mkdtempSync(join(tmpdir(), 'families-'))
    noMknod = withoutMknod(cwd)
  }, 600_000)
  afterAll(async () => {
    await mirrors?.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const wishes = (distro: string, tag: string, { kind, keyring }: How = {}): string[] => [
    `--release=${distro}:${RELEASES[distro]}`,
    `--tag=${tag}`,
    `--mirror=${mirrors.url(distro, kind)}`,
    `--keyring=${keyring ?? mirrors.keyring}`,
  ]

  const make = (
    distro: string,
    tag: string,
    more: readonly string[] = [],
    how: How = {},
  ): Promise<CliEnd> => {
    const builder = more.some(word => word.startsWith('--builder')) ? [] : [`--builder=${STAND_IN}`]
    const words = [...wishes(distro, tag, how), ...builder, ...more, tag.replace(/[:/]/g, '-')]
    return runCli(['--yes', '--json', ...words], { cwd, env: how.env ?? process.env })
  }

  test.for(ALL)(
    '%s is made %j, proven, and holds what it must',
    LONG,
    async ([distro, more], { made }) => {
      const tag = made.image(`cbi-${distro}`)
      const end = await make(distro, tag, more)
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
      if (more.includes('--verify')) expect(linesOf(end, 'verify')).toEqual(verifyLines(null))
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
    trees.set(distro, await treeOf(tag))
    return trees.get(distro)!
  }

  test.for(TOOLS)(
    '%s is the same tree twice, also where the engine refuses MKNOD, but for what is listed',
    LONG,
    async (distro, { made }) => {
      const first = await treeOnce(distro, made)
      const tag = made.image(`cbi-${distro}-again`)
      outcomeOf(await make(distro, tag, [], { env: noMknod }))
      expect(first.size).toBeGreaterThan(40)
      expect(unlike(first, await treeOf(tag))).toEqual(Object.keys(MAY_DIFFER[distro]!).toSorted())
    },
  )

  test.for(TOOLS)(
    '%s is made the same by the build.sh of its folder, and by one Dockerfile',
    LONG,
    async (distro, { made }) => {
      const first = await treeOnce(distro, made)
      const tag = made.image(`cbi-${distro}`)
      const built = await execa('sh', ['build.sh'], {
        cwd: join(cwd, tag),
        reject: false,
        all: true,
      })
      expect(built.exitCode, built.all).toBe(0)
      expect(built.stdout).toContain('ID=')
      expect(unlike(first, await treeOf(tag))).toEqual([])

      const alone = join(cwd, `${tag}-dockerfile`)
      mkdirSync(alone)
      const words = [...wishes(distro, tag), `--builder=${STAND_IN}`, '--script=dockerfile']
      const { stdout } = await runCli(words, { cwd })
      writeFileSync(join(alone, 'Dockerfile'), stdout)
      copyFileSync(mirrors.keyring, join(alone, /^COPY (\S+) /m.exec(stdout)![1]!))
      const again = made.image(`${tag}-dockerfile`)
      await build(['--no-cache', '--tag', again, alone])
      expect(unlike(first, await treeOf(again))).toEqual([])
    },
  )

  describePodman('by Podman, whose containers may not mknod', () => {
    const prefix = imagePrefix()
    const builder = `localhost/${prefix}/families:trixie`

    beforeAll(async () => {
      const load = 'docker save "$0" | podman load && podman tag "$0" "$1" && podman rmi "$0"'
      const brought = await execa('sh', ['-c', load, STAND_IN, builder], {
        reject: false,
        all: true,
      })
      expect(brought.exitCode, brought.all).toBe(0)
    })

    test.for(TOOLS)('%s has the tree that it has by Docker', LONG, async (distro, { made }) => {
      const tag = `${prefix}/${distro}`
      const end = await make(distro, tag, ['--engine=podman', `--builder=${builder}`])
      expect(outcomeOf(end)).toMatchObject({ image: tag, proven: true })
      expect(await podmanContainers(runOf(end))).toEqual([])
      const byPodman = await treeOf(tag, 'podman')
      const byDocker = await treeOnce(distro, made)
      expect(unlike(byDocker, byPodman).filter(path => !MOUNTED.test(path))).toEqual([])
    })
  })

  test(
    'a file capability and documents are there, and slim leaves the documents out',
    LONG,
    async ({ made }) => {
      const usual = await treeOnce('fedora', made)
      const slim = made.image('cbi-rpm-slim')
      outcomeOf(await make('fedora', slim, ['--slim']))
      const readme = 'usr/share/doc/cbi-shell/README'
      expect(usual.get(readme)).toMatch(/^file 644 0:0 14 /)
      expect((await treeOf(slim)).get(readme)).toBeUndefined()
      expect(usual.get('usr/bin/pinger')).toContain(' security.capability=')
      expect(usual.get('dev/null') ?? '').not.toMatch(/^file /)
    },
  )

  test.for(WITH_MANAGER)(
    '$manager of $distro $more works in the image: --verify says so, and finds what is broken',
    LONG,
    async ({ distro, manager, more, install, breaks, says }, { made }) => {
      const tag = made.image(`cbi-${distro}-${manager}`)
      const end = await make(distro, tag, ['--verify', ...more], { kind: 'real' })
      expect(outcomeOf(end)).toMatchObject({ image: tag, proven: true })
      expect(linesOf(end, 'verify')).toEqual(verifyLines(manager))

      // What slim leaves out stays out when the image's own manager installs.
      const readme = '/usr/share/doc/with-documents/README'
      const look = `{ ${install} with-documents; } >/dev/null 2>&1 && { ls ${readme} 2>/dev/null || echo none; }`
      const slim = (more as readonly string[]).includes('--slim')
      expect(await printedIn(tag, ['sh', '-c', look])).toBe(slim ? 'none' : readme)

      const broken = made.image(`${tag}-broken`)
      const recipe = `FROM ${tag}\nRUN ${[...BREAKS, ...breaks].join(' && ')}\n`
      await build(['--tag', broken, '-'], recipe)
      const said = await verified(broken)
      const wrong = said.split(/^E: failed: +/m)
      expect(wrong, said).toHaveLength(7)
      for (const [at, words] of SAYS.entries()) expect(wrong[at + 1]).toContain(words)
      for (const words of says) expect(said).toContain(words)
      expect(said).not.toMatch(/hash|checks passed/)
    },
  )

  test(
    '--keyring alone replaces the keys of the builder’s own repositories',
    LONG,
    async ({ made }) => {
      const builder = made.image('cbi-own-repositories')
      await makeBuilderOf('fedora', builder, STAND_IN, mirrors)
      const runWith = (tag: string, keyring: string) =>
        runCli(
          ['--yes', '--json', '--release=fedora:44', `--builder=${builder}`, `--tag=${tag}`]
            .concat(keyring === '' ? [] : [`--keyring=${keyring}`])
            .concat(tag),
          { cwd },
        )
      for (const [name, keyring] of [
        ['cbi-own-keys', ''],
        ['cbi-stranger-keys', mirrors.stranger],
      ] as const) {
        const end = await runWith(name, keyring)
        expect(eventsOf(end, 'step-failed')[0]?.remedy?.code, end.stdout).toBe(
          'archive-unknown-key',
        )
      }
      const tag = made.image('cbi-right-keys')
      expect(outcomeOf(await runWith(tag, mirrors.keyring))).toMatchObject({ proven: true })
    },
  )

  test.for(FAULTS)('%s, %s: %s', LONG, async ([distro, fault, code, what]) => {
    const kind = KINDS.find(one => one === fault)
    const more = fault.startsWith('--include') ? [fault] : []
    const how = {
      ...(kind === undefined ? {} : { kind }),
      ...(fault === 'stranger' ? { keyring: mirrors.stranger } : {}),
    }
    const end = await make(distro, `cbi-${distro}-${fault.replace(/\W+/g, '-')}`, more, how)
    const remedy = eventsOf(end, 'step-failed')[0]?.remedy
    expect(remedy?.code, end.stdout).toBe(code)
    expect(remedy?.what).toContain(what.replace('MIRROR', mirrors.url(distro, kind)))
    expect(end.exitCode).toBe(remedy?.lacks === true ? 3 : 1)
    await expectNothingLeft(end, null)
  })
})

const build = async (words: readonly string[], recipe = ''): Promise<void> => {
  const env = { ...process.env, DOCKER_BUILDKIT: '0' }
  const built = await docker(['build', '--force-rm', ...words], env, recipe)
  expect(built.exitCode, built.stdout + built.stderr).toBe(0)
}

/** What verify.sh says of an image that is not as it must be. */
const verified = async (image: string): Promise<string> => {
  const words = ['run', '--rm', '--interactive', image, 'sh', '-s', '--', 's390x']
  const script = readAsset('families/shared/verify.sh')
  const { exitCode, stdout } = await docker(words, process.env, script)
  expect(exitCode, stdout).toBe(1)
  return stdout
}
