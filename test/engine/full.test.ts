import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { packagesOf } from '../../src/bootstrap/deb/package-set.ts'
import { describeEngine, docker, test } from './engine.ts'
import {
  canBootstrapHere,
  contentsOf,
  describeDebian,
  differing,
  expectNothingLeft,
  linesOf,
  listingOf,
  plannedBookworm,
  printedIn,
} from './full.ts'
import { ownMirror } from './full-mirrors.ts'
import { eventsOf, newNames, outcomeOf, room, runCli, stepsDone } from './run-cli.ts'

const MB = 1e6

describeDebian('full images of Debian', ['bookworm', 'trixie'], () => {
  const names = newNames()
  afterAll(names.remove)

  const words = (release: string, tag: string, ...more: string[]): string[] => [
    '--yes',
    '--json',
    '--release',
    release,
    '--mirror',
    ownMirror()!,
    '--tag',
    names.tag(tag),
    ...more,
    'project',
  ]

  test('bookworm is bootstrapped in a container, imported, proven, checked and named', async () => {
    const cwd = await room()
    const command = words('bookworm', 'container', '--bootstrap', 'container', '--verify')
    const first = await runCli(command, { cwd })
    const outcome = outcomeOf(first)
    expect(outcome).toMatchObject({ image: names.tag('container'), proven: true })
    expect(outcome.printed).toContain('\nVERSION_CODENAME=bookworm\n')
    expect(linesOf(first, 'verify').at(-1)).toMatch(/^all \w+ checks passed$/)
    const { size, ...about } = await aboutImage('container')
    expect(about).toEqual({
      id: outcome.id,
      platform: 'linux/amd64',
      layers: 1,
      parent: '',
      cmd: ['bash'],
      env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      labels: {
        'org.opencontainers.image.title': 'container',
        'org.opencontainers.image.version': '12',
        'org.opencontainers.image.ref.name': 'debian',
      },
    })
    // The classic store counts where links lead to, too.
    expect(size).toBeGreaterThanOrEqual(outcome.uncompressedBytes)
    expect(size).toBeLessThan(outcome.uncompressedBytes + 100_000)
    expect(outcome.uncompressedBytes).toBeLessThan(125 * MB)
    // As the built-in way takes them from the same mirror: updates and all.
    const listed = `dpkg-query --show --showformat '\${Package} \${Version}\\n'`
    const printed = await printedIn(names.tag('container'), ['sh', '-c', listed])
    const { set } = await plannedBookworm(true)
    expect(printed.trim().split('\n').sort()).toEqual(
      packagesOf(set)
        .map(one => `${one.name} ${one.version}`)
        .sort(),
    )
    expect(set.suites.map(({ source }) => source.role)).toEqual(['release', 'updates', 'security'])
    expect(outcome.sizes.map(({ bytes }) => bytes)).toEqual(
      outcome.sizes.map(({ bytes }) => bytes).toSorted((a, b) => b - a),
    )
    expect(readdirSync(cwd)).toEqual(['project'])
    await expectNothingLeft(first, join(cwd, 'project'))

    const began = performance.now()
    const second = await runCli(words('bookworm', 'container', '--bootstrap', 'container'), { cwd })
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(outcomeOf(second)).toMatchObject({ ...outcome, seconds: expect.any(Number) })
    expect(stepsDone(second)).toEqual(['engine', 'files', 'run'])
    await expectNothingLeft(second, join(cwd, 'project'))
  }, 400_000)

  test.skipIf(!canBootstrapHere())(
    'bootstrapped on this machine as root it is the same tree (needs root and debootstrap)',
    async () => {
      const cwd = await room()
      const end = await runCli(words('bookworm', 'host', '--bootstrap', 'host'), { cwd })
      expect(outcomeOf(end).printed).toContain('\nVERSION_CODENAME=bookworm\n')
      await expectNothingLeft(end, join(cwd, 'project'))
      const [here, inside] = [names.tag('host'), names.tag('container')]
      expect(await listingOf(here)).toEqual(await listingOf(inside))
      expect(differing(await contentsOf(here), await contentsOf(inside))).toEqual([])
    },
    400_000,
  )

  test('trixie, slim and with a package besides, is small and stays slim', async () => {
    const cwd = await room()
    const end = await runCli(words('trixie', 'slim', '--slim', '--include', 'less'), { cwd })
    expect(outcomeOf(end).printed).toContain('\nVERSION_CODENAME=trixie\n')
    expect(outcomeOf(end).uncompressedBytes).toBeLessThan(80 * MB)
    expect(outcomeOf(end).packages?.total).toBeGreaterThan(50)
    await expectNothingLeft(end, join(cwd, 'project'))
    const update = 'apt-get -qq update && apt-get -qq install --yes --no-install-recommends hello'
    const script = `less --version | head -n 1; { ${update}; } >/dev/null 2>&1; hello; find ${DOCUMENTS} -type f`
    const printed = (await printedIn(names.tag('slim'), ['sh', '-c', script])).split('\n')
    expect(printed[0]).toMatch(/^less \d/)
    expect(printed[1]).toBe('Hello, world!')
    expect(printed).toContain('/usr/share/doc/hello/copyright')
    expect(printed.slice(2).filter(path => !KEPT.test(path))).toEqual([])
  }, 400_000)

  test.skipIf(!canBootstrapHere())(
    'without an engine a slim bookworm becomes an archive, is proven, loaded and small (needs root and debootstrap)',
    async () => {
      const cwd = await room()
      const away = ['--bootstrap', 'host', '--engine', 'none', '--no-updates']
      const end = await runCli(words('bookworm', 'archive', '--slim', ...away), { cwd })
      const outcome = outcomeOf(end)
      expect(outcome).toMatchObject({ proven: true, image: names.tag('archive') })
      expect(outcome.printed).toContain('\nVERSION_CODENAME=bookworm\n')
      expect(stepsDone(end)).toEqual('files mirror bootstrap finish pack unpack run'.split(' '))
      expect(eventsOf(end, 'step-failed')).toEqual([])
      const archive = outcome.files.at(-1)!
      const layer = await layerOf(archive)
      expect(layer.bytes).toBeLessThan(80 * MB)
      expect(outcome.uncompressedBytes).toBeGreaterThan(60 * MB)
      expect(layer.gzipped).toBeLessThan(29 * MB)
      expect((await docker(['load', '--input', archive])).stdout).toContain(names.tag('archive'))
      expect(await aboutImage('archive')).toMatchObject({ id: outcome.id, cmd: ['bash'] })
      const said = await printedIn(names.tag('archive'), ['cat', '/etc/os-release'])
      expect(`${said}\n`).toBe(outcome.printed)
    },
    400_000,
  )

  const aboutImage = async (tag: string) => {
    const { stdout } = await docker(['image', 'inspect', names.tag(tag)])
    const [found] = JSON.parse(stdout) as [Inspected]
    return {
      id: found.Id,
      platform: `${found.Os}/${found.Architecture}`,
      layers: found.RootFS.Layers.length,
      parent: found.Parent ?? '',
      cmd: found.Config.Cmd,
      env: found.Config.Env,
      labels: found.Config.Labels,
      size: found.Size,
    }
  }
})

describeEngine('a full image that can not be made', () => {
  test('for another architecture and without an engine it says what would do, and makes nothing', async () => {
    const cwd = await room()
    const command = ['--yes', '--release', 'bookworm', '--arch', 'arm64', '--engine', 'none']
    const end = await runCli(command, { cwd })
    expect(end.exitCode).toBe(3)
    expect(end.stderr).toContain('Leave --engine none out.')
    // That would be refused itself.
    expect(end.stderr).not.toContain('--bootstrap host')
    expect(readdirSync(cwd)).toEqual([])
  })
})

interface Inspected {
  readonly Id: string
  readonly Os: string
  readonly Architecture: string
  readonly Parent?: string
  readonly Size: number
  readonly RootFS: { readonly Layers: readonly string[] }
  readonly Config: {
    readonly Cmd: readonly string[]
    readonly Env: readonly string[]
    readonly Labels: Readonly<Record<string, string>>
  }
}

/** Where a slim image has nothing but what KEPT fits. */
const DOCUMENTS = '/usr/share/doc /usr/share/man /usr/share/info /usr/share/locale'
const KEPT = /^$|^\/usr\/share\/doc\/[^/]+\/copyright$|^\/usr\/share\/locale\/locale\.alias$/

/** The size of an archive's one layer, as it is and by `gzip -9n`. */
const layerOf = async (archive: string): Promise<{ bytes: number; gzipped: number }> => {
  const cwd = await room()
  spawnSync('tar', ['-xf', archive], { cwd })
  const [manifest] = JSON.parse(readFileSync(join(cwd, 'manifest.json'), 'utf8')) as [
    { readonly Layers: readonly string[] },
  ]
  expect(manifest.Layers).toHaveLength(1)
  const count = `wc -c <"$1"; gzip -9n <"$1" | wc -c`
  const { stdout } = spawnSync('sh', ['-c', count, 'sh', manifest.Layers[0]!], {
    cwd,
    encoding: 'utf8',
  })
  const [bytes = NaN, gzipped = NaN] = stdout.trim().split('\n').map(Number)
  return { bytes, gzipped }
}
