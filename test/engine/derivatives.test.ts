import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect } from 'vitest'
import { debMirror, type DebMirror } from './deb-mirror.ts'
import { docker, test } from './engine.ts'
import { canBootstrapHere, describeDebian, expectNothingLeft, linesOf, printedIn } from './full.ts'
import { eventsOf, newNames, outcomeOf, runCli, type CliEnd } from './run-cli.ts'

const LONG = { timeout: 400_000 }
const DISTROS = fileURLToPath(new URL('../../assets/distros', import.meta.url))

/**
 * Debian's debootstrap, which stands in for Devuan's, brings it for bookworm and not for daedalus, whose
 * init-system-helpers needs it too: without it apt refuses to go on.
 */
const MERGED = '--include=usr-is-merged'

/** Nothing that is compiled knows of these two: their distro.json says all. */
describeDebian('Kali and Devuan, of small signed mirrors', ['bookworm', 'trixie'], () => {
  const names = newNames()
  const cwd = mkdtempSync(join(tmpdir(), 'derivatives-'))
  // As a person would name it; Debian with debootstrap stands in for their own builders.
  const plain = names.tag('builder:trixie')
  const withKeys = names.tag('builder:daedalus')
  let kali: DebMirror
  let devuan: DebMirror

  beforeAll(async () => {
    ;[kali, devuan] = [await debMirror('kali'), await debMirror('devuan')]
    await docker(['tag', 'debian:trixie-slim', plain])
    await builderWith(devuan.keyring)
  }, 600_000)
  afterAll(async () => {
    await Promise.all([kali?.close(), devuan?.close()])
    rmSync(cwd, { recursive: true, force: true })
    await names.remove()
  })

  /** The keys are where the release's own builder has them. */
  const builderWith = async (keyring: string): Promise<void> => {
    const folder = join(cwd, 'context')
    mkdirSync(folder)
    copyFileSync(keyring, join(folder, 'keyring.gpg'))
    const to = '/usr/share/keyrings/devuan-archive-keyring.gpg'
    const recipe = `FROM debian:bookworm-slim\nLABEL cbi-test=${names.prefix}\nCOPY keyring.gpg ${to}\n`
    writeFileSync(join(folder, 'Dockerfile'), recipe)
    const env = { ...process.env, DOCKER_BUILDKIT: '0' }
    const built = await docker(['build', '--quiet', '--tag', withKeys, folder], env)
    expect(built.exitCode, built.stderr).toBe(0)
  }

  /** A distribution as it ships, but for the address of its archive. */
  const archivedAt = (name: string, folder: string, archive: string): string => {
    const path = join(cwd, folder)
    mkdirSync(path)
    const file = JSON.parse(readFileSync(join(DISTROS, name, 'distro.json'), 'utf8'))
    const deb = { ...file.deb, archive, security: archive }
    writeFileSync(join(path, 'distro.json'), JSON.stringify({ ...file, deb }))
    return path
  }

  const make = (name: string, ...words: string[]): Promise<CliEnd> =>
    runCli(['--yes', '--json', `--tag=${names.tag(name)}`, ...words, name], { cwd })

  const ofKali = (...more: string[]): string[] => [
    '--release=kali',
    `--mirror=${kali.url}`,
    `--builder=${plain}`,
    ...more,
  ]

  test('Kali comes of a mirror with its own key, and holds under a deep look', LONG, async () => {
    const keys = `--keyring=${kali.keyring}`
    const end = await make('kali', ...ofKali(keys, '--include=hello-include', '--verify'))
    expect(outcomeOf(end)).toMatchObject({ proven: true, image: names.tag('kali') })
    expect(outcomeOf(end).printed).toContain('\nID=kali\n')
    expect(linesOf(end, 'verify').at(-1)).toMatch(/^all \w+ checks passed$/)
    expect(await printedIn(names.tag('kali'), ['hello-include'])).toContain('included')
    const sources = await printedIn(names.tag('kali'), [
      'sh',
      '-c',
      'cat /etc/apt/sources.list.d/*',
    ])
    expect(sources).toContain(
      `URIs: ${kali.url}\nComponents: main contrib non-free non-free-firmware\n`,
    )
    expect(sources).toContain('Suites: kali-rolling')
    await updatesFrom('kali', `${kali.url} kali-rolling InRelease`)
    await expectNothingLeft(end, join(cwd, 'kali'))
  })

  test(
    'Devuan comes of its archive with its security updates, by a script of another name',
    LONG,
    async () => {
      const recipe = archivedAt('devuan', 'devuan-recipe', devuan.url)
      const words = [
        `--recipe=${recipe}`,
        '--release=daedalus',
        `--builder=${withKeys}`,
        '--verify',
        MERGED,
      ]
      const end = await make('daedalus', ...words)
      expect(outcomeOf(end)).toMatchObject({ proven: true })
      expect(outcomeOf(end).printed).toContain('\nVERSION_CODENAME="daedalus"\nID=devuan\n')
      expect(linesOf(end, 'verify').at(-1)).toMatch(/^all \w+ checks passed$/)
      const version = ['dpkg-query', '--show', '--showformat', '${Version}', 'devuan-keyring']
      expect(await printedIn(names.tag('daedalus'), version)).toBe('2')
      await updatesFrom('daedalus', `${devuan.url} daedalus-security InRelease`)
      await expectNothingLeft(end, join(cwd, 'daedalus'))
    },
  )

  test.skipIf(!canBootstrapHere())(
    'Devuan is made by the debootstrap of this machine without an engine, and any engine loads it (needs root and debootstrap)',
    LONG,
    async () => {
      const keys = `--keyring=${devuan.keyring}`
      const mirrored = ['--release=devuan:excalibur', `--mirror=${devuan.url}`, keys]
      const end = await make('excalibur', ...mirrored, '--bootstrap=host', '--engine=none')
      expect(outcomeOf(end)).toMatchObject({ proven: true })
      expect(outcomeOf(end).printed).toContain('\nVERSION_CODENAME="excalibur"\nID=devuan\n')
      await docker(['load', '--input', join(cwd, 'excalibur/excalibur.tar')])
      await updatesFrom('excalibur', `${devuan.url} excalibur-security InRelease`)
    },
  )

  /** Expects that apt in an image fetches all of its lists. */
  const updatesFrom = async (name: string, index: string): Promise<void> => {
    const updated = await printedIn(names.tag(name), ['apt-get', 'update'])
    expect(updated).toContain(index)
    expect(updated).not.toMatch(/^(Err|Ign|W|E):/m)
  }

  test.for<readonly [string, string, RegExp, () => readonly string[]]>([
    [
      'a stranger’s key',
      'archive-unknown-key',
      /not among the trusted/,
      () => ofKali(`--keyring=${kali.stranger}`),
    ],
    [
      'no key of Kali’s in the builder',
      'debootstrap-keyring',
      /\(kali-archive-keyring\.gpg\) are not here/,
      () => ofKali(),
    ],
    [
      'an archive of another distribution',
      'archive-other-origin',
      /Origin: Debian, and not Origin: Kali/,
      () => [
        `--recipe=${archivedAt('kali', 'foreign', kali.faulty('foreign'))}`,
        `--builder=${plain}`,
      ],
    ],
  ])('%s is refused', LONG, async ([, code, what, words]) => {
    const end = await make('refused', '--force', ...words())
    expect(end.exitCode).toBe(1)
    const [failure] = eventsOf(end, 'step-failed')
    expect(failure, end.stdout.slice(-2000)).toMatchObject({ remedy: { code } })
    expect(failure!.remedy!.what).toMatch(what)
    await expectNothingLeft(end, join(cwd, 'refused'))
  })

  test.for([
    ['kali', 'http.kali.org/kali'],
    ['devuan', 'deb.devuan.org/merged'],
  ] as const)('the plan of %s names its archive', async ([name, archive]) => {
    const { exitCode, stdout, stderr } = await runCli(['--plan', `--release=${name}`], { cwd })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain(`--archive http://${archive}`)
  })
})
