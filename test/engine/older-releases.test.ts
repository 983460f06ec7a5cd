import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, expect } from 'vitest'
import { distributionAt } from '../../src/catalog/older.ts'
import { fill, findRelease } from '../../src/catalog/releases.ts'
import { test } from './engine.ts'
import { describeDebian, expectNothingLeft, linesOf, printedIn } from './full.ts'
import { machine, makeRepositories, makeStandIn, STAND_IN } from './family-mirrors.ts'
import { closeServer, listenAtGateway, sendFile } from './serve.ts'
import { newNames, outcomeOf, runCli, type CliEnd } from './run-cli.ts'

/** Releases whose packages, paths or keys differ from the newest ones', each with the os-release of its real one. */
const OLDER = {
  'rocky:8': 'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="8.10"\nPLATFORM_ID="platform:el8"',
  'centos-stream:8':
    'NAME="CentOS Stream"\nID="centos"\nVERSION_ID="8"\nPLATFORM_ID="platform:el8"',
  'opensuse-leap:15.6': 'NAME="openSUSE Leap"\nID="opensuse-leap"\nVERSION_ID="15.6"',
} as const

type Older = keyof typeof OLDER

/** The line of a shell that makes the small repository of a release, below /out. */
const makeLine = (word: Older): string => {
  const release = findRelease(word, '2026-11-29')!
  const { settings, variants } = distributionAt(release)
  const paths = (settings['paths'] as readonly string[]).map(path =>
    fill(path, release).replaceAll('{machine}', machine()),
  )
  const packages = [...new Set(variants.flatMap(variant => variant.packages))]
  return `RELEASE_PACKAGE=${packages.find(name => name.endsWith('-release'))} OS_RELEASE='${OLDER[word]}' PACKAGES='${packages.join(' ')}' PATHS='${paths.join(' ')}' sh /make.sh rpm /out/${word}`
}

/** openSUSE's own images have no tar: here zypper brings back the one that was taken away. */
const WITHOUT_TAR = `FROM ${STAND_IN}
RUN mv /usr/bin/tar /usr/bin/tar.away && printf '%s\\n' '#!/bin/sh' 'case "$*" in *" install --no-recommends tar") echo "tar from $*" && exec mv /usr/bin/tar.away /usr/bin/tar ;; esac' 'exec /usr/bin/zypper "$@"' >/usr/local/bin/zypper && chmod 755 /usr/local/bin/zypper
`

describeDebian('older releases, against small signed repositories', ['trixie'], () => {
  const names = newNames()
  const folder = mkdtempSync(join(tmpdir(), 'older-releases-'))
  const cwd = mkdtempSync(join(tmpdir(), 'older-projects-'))
  const server = createServer(({ url = '/' }, to) =>
    sendFile(join(folder, normalize(decodeURIComponent(url))), to),
  )
  let origin: string

  beforeAll(async () => {
    await makeStandIn()
    await makeRepositories(
      folder,
      Object.keys(OLDER).map(word => makeLine(word as Older)),
    )
    origin = await listenAtGateway(server)
  }, 600_000)
  afterAll(async () => {
    await closeServer(server)
    for (const each of [folder, cwd]) rmSync(each, { recursive: true, force: true })
    await names.remove()
  })

  const make = (tag: string, words: readonly string[]): Promise<CliEnd> =>
    runCli(
      [
        '--yes',
        '--json',
        `--tag=${tag}`,
        `--keyring=${join(folder, 'key.asc')}`,
        ...words,
        tag.replace(/[:/]/g, '-'),
      ],
      { cwd },
    )

  test('Rocky 8 is made of the packages that it has', { timeout: 400_000 }, async ({ made }) => {
    const tag = made.image('cbi-rocky-8')
    const end = await make(tag, [
      '--release=rocky8',
      `--builder=${STAND_IN}`,
      `--mirror=${origin}/rocky:8`,
    ])
    expect(outcomeOf(end), end.stdout).toMatchObject({ image: tag, proven: true })
    expect(await printedIn(tag, ['cat', '/etc/os-release'])).toContain('PLATFORM_ID="platform:el8"')
    await expectNothingLeft(end, join(cwd, tag))
  })

  test(
    'Leap 15.6 is made of its four repositories, by a builder that has no tar at first',
    { timeout: 400_000 },
    async ({ made }) => {
      const builder = `${names.prefix}/no-tar`
      await execa('docker', ['build', '--quiet', '--tag', builder, '-'], {
        input: WITHOUT_TAR,
        env: { DOCKER_BUILDKIT: '0' },
      })
      const tag = made.image('cbi-leap-15.6')
      const end = await make(tag, [
        '--release=leap15.6',
        `--builder=${builder}`,
        `--mirror=${origin}/opensuse-leap:15.6`,
      ])
      expect(outcomeOf(end), end.stdout).toMatchObject({ image: tag, proven: true })
      const repositories = await printedIn(tag, ['sh', '-c', 'cat /etc/zypp/repos.d/*.repo'])
      for (const path of ['distribution/leap/15.6/repo/oss', 'update/leap/15.6/sle'])
        expect(repositories).toContain(`baseurl=${origin}/opensuse-leap:15.6/${path}`)
      expect(linesOf(end, 'bootstrap').join('\n')).toContain(
        'tar from --non-interactive --reposd-dir /tmp install --no-recommends tar',
      )
    },
  )

  test(
    'an ended release comes from where its archive moved, and so does what its image installs',
    { timeout: 400_000 },
    async ({ made }) => {
      const recipe = join(cwd, 'my-stream')
      cpSync(
        fileURLToPath(new URL('../../assets/distros/centos-stream', import.meta.url)),
        recipe,
        {
          recursive: true,
        },
      )
      const path = join(recipe, 'distro.json')
      const file = JSON.parse(readFileSync(path, 'utf8')) as { dnf: object }
      const moved = `${origin}/centos-stream:8`
      const dnf = { ...file.dnf, old: { endedBefore: '2026', archive: moved } }
      writeFileSync(path, JSON.stringify({ ...file, name: 'my-stream', dnf }))
      const tag = made.image('cbi-stream-8')
      const end = await make(tag, [`--recipe=${recipe}`, '--release=8', `--builder=${STAND_IN}`])
      expect(outcomeOf(end), end.stdout).toMatchObject({ image: tag, proven: true })
      expect(end.stdout).toContain(`Its archive has moved: ${moved}`)
      expect(await printedIn(tag, ['sh', '-c', 'cat /etc/yum.repos.d/*.repo'])).toContain(
        `baseurl=${moved}/8-stream/BaseOS/${machine()}/os`,
      )
    },
  )
})
