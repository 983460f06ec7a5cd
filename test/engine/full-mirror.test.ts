import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { StepFailed } from '../../src/run/events.ts'
import { describeEngine, test } from './engine.ts'
import {
  canBootstrapHere,
  contentsOf,
  differing,
  expectNothingLeft,
  linesOf,
  listingOf,
  printedIn,
  withoutMknod,
  writtenBy,
} from './full.ts'
import { guarded, showingDists } from './full-mirrors.ts'
import { eventsOf, newNames, outcomeOf, room, runCli, type CliEnd } from './run-cli.ts'
import { debMirror, type DebMirror } from './deb-mirror.ts'

const SECRET = 'b3rlin-Gate'

/** What Docker's page on base images shows as its last output. */
const LSB_RELEASE = `DISTRIB_ID=Ubuntu
DISTRIB_RELEASE=20.04
DISTRIB_CODENAME=focal
DISTRIB_DESCRIPTION="Ubuntu 20.04 LTS"
`

const SOURCES = '/etc/apt/sources.list'

describeEngine('full images from a mirror of one’s own', () => {
  const names = newNames()
  let mirror: DebMirror
  let builder: string
  beforeAll(async () => {
    mirror = await debMirror('ubuntu')
    builder = await names.builder('mirror')
  }, 400_000)
  afterAll(async () => {
    await names.remove()
    await mirror?.close()
  })

  const words = (url: string, tag: string, ...more: string[]): string[] => [
    '--yes',
    '--json',
    ...(more.some(word => word.startsWith('--release')) ? [] : ['--release=focal']),
    `--mirror=${url}`,
    `--keyring=${mirror.keyring}`,
    `--builder=${builder}`,
    `--tag=${names.tag(tag)}`,
    ...more,
    'project',
  ]

  test('the lesson of Docker’s page comes to its last line, and a password stays unknown', async () => {
    const cwd = await room()
    const url = await guarded(mirror.url, `ada:${SECRET}`)
    const secret = url.replace('//', `//ada:${SECRET}@`)
    const end = await runCli(words(secret, 'secret', '--include=hello-include'), { cwd })
    expect(outcomeOf(end)).toMatchObject({ printed: LSB_RELEASE, proven: true })
    await expectNothingLeft(end, join(cwd, 'project'))
    expect(writtenBy(end, join(cwd, 'project'))).not.toContain(SECRET)
    expect(await printedIn(names.tag('secret'), ['hello-include'])).toContain('included')
    const search = `grep -rsl ${SECRET} /etc /usr /var || echo nowhere`
    expect(await printedIn(names.tag('secret'), ['sh', '-c', search])).toBe('nowhere')
  }, 400_000)

  test('over TCP and where mknod is refused it is the same tree (needs CBI_ENGINE_TCP)', async () => {
    const cwd = await room()
    const env = { ...withoutMknod(await room()), DOCKER_HOST: process.env.CBI_ENGINE_TCP }
    const command = words(mirror.url, 'tcp', '--include=hello-include')
    const end = await runCli(command, { cwd, env })
    expect(outcomeOf(end).printed).toBe(LSB_RELEASE)
    expect(linesOf(end, 'bootstrap').join('\n')).toContain('this engine refuses mknod')
    await expectNothingLeft(end, join(cwd, 'project'))
    const [plain, other] = [names.tag('secret'), names.tag('tcp')]
    const withoutSources = (lines: readonly string[]) =>
      lines.filter(line => !line.endsWith(` ${SOURCES.slice(1)}`))
    expect(withoutSources(await listingOf(other))).toEqual(withoutSources(await listingOf(plain)))
    expect(differing(await contentsOf(other), await contentsOf(plain))).toEqual([SOURCES])
  }, 400_000)

  test.for<
    readonly [string, () => readonly string[] | Promise<readonly string[]>, number, string, RegExp]
  >([
    [
      'a wrong path',
      () => words(`${mirror.url}/nowhere`, 'x'),
      1,
      'archive-no-address',
      /no archive of packages at .*\/nowhere/,
    ],
    [
      'a release it lacks',
      async () => words(await showingDists(mirror.url), 'x', '--release=bionic'),
      1,
      'archive-no-suite',
      /bionic/,
    ],
    [
      'a stranger’s key',
      () => words(mirror.faulty('stranger'), 'x'),
      1,
      'archive-unknown-key',
      /signed by a key/,
    ],
    [
      'a changed index',
      () => words(mirror.faulty('tampered'), 'x'),
      1,
      'archive-tampered',
      /not what was signed/,
    ],
    [
      'a captive portal',
      () => words(mirror.faulty('portal'), 'x'),
      3,
      'archive-portal',
      /captive portal/,
    ],
    [
      'an unknown package',
      () => words(mirror.url, 'x', '--include=hello-nowhere'),
      1,
      'debootstrap-no-package',
      /no package named hello-nowhere/,
    ],
    [
      'a port where nobody listens',
      () => words(mirror.url.replace(/:\d+/, ':9'), 'x'),
      3,
      'archive-unreachable',
      /gets no answer from/,
    ],
  ])(
    '%s is named, with what to do',
    { timeout: 400_000 },
    async ([, command, code, remedy, what]) => {
      const cwd = await room()
      const end = await runCli(await command(), { cwd })
      const failure = failureOf(end)
      expect(failure).toMatchObject({ step: 'bootstrap', remedy: { code: remedy } })
      expect(failure.remedy?.what).toMatch(what)
      expect(failure.remedy?.todo.length).toBeGreaterThan(0)
      expect(end.exitCode).toBe(code)
      await expectNothingLeft(end, join(cwd, 'project'))
      expect(readdirSync(cwd)).toEqual(['project'])
    },
  )

  test.skipIf(!canBootstrapHere())(
    'on this machine as root it is the same lesson, with the keys of the mirror (needs root and debootstrap)',
    async () => {
      const cwd = await room()
      const url = await guarded(mirror.url, `ada:${SECRET}`)
      const secret = url.replace('//', `//ada:${SECRET}@`)
      const end = await runCli(words(secret, 'host', '--bootstrap=host'), { cwd })
      expect(outcomeOf(end)).toMatchObject({ printed: LSB_RELEASE, proven: true })
      await expectNothingLeft(end, join(cwd, 'project'))
      expect(writtenBy(end, join(cwd, 'project'))).not.toContain(SECRET)
      const key = 'ls /etc/apt/keyrings; cat /etc/apt/sources.list'
      const printed = await printedIn(names.tag('host'), ['sh', '-c', key])
      expect(printed).toMatch(
        /^keyring\.gpg\ndeb \[signed-by=\/etc\/apt\/keyrings\/keyring\.gpg\] http:/,
      )
      expect(printed).not.toContain('ada')
    },
    400_000,
  )

  test.skipIf(!canBootstrapHere()).for<readonly [string, () => string, number, string]>([
    ['a wrong path', () => `${mirror.url}/nowhere`, 1, 'archive-no-address'],
    ['a captive portal', () => mirror.faulty('portal'), 3, 'archive-portal'],
    ['a stranger’s key', () => mirror.faulty('stranger'), 1, 'archive-unknown-key'],
    [
      'a port where nobody listens',
      () => mirror.url.replace(/:\d+/, ':9'),
      3,
      'archive-unreachable',
    ],
  ])(
    '%s is told apart on this machine too, and nothing of root’s is left',
    { timeout: 400_000 },
    async ([, url, code, remedy]) => {
      const cwd = await room()
      const end = await runCli(words(url(), 'x', '--bootstrap=host'), { cwd })
      expect(failureOf(end).remedy?.code).toBe(remedy)
      expect(end.exitCode).toBe(code)
      await expectNothingLeft(end, join(cwd, 'project'))
    },
  )

  test('keys that gpgv could not read are refused before anything is made', async () => {
    const cwd = await room()
    const command = words(mirror.url, 'x').map(word =>
      word.startsWith('--keyring') ? `--keyring=${mirror.armoured}` : word,
    )
    const end = await runCli(command, { cwd })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain('gpg --output keys.gpg --dearmor')
    expect(readdirSync(cwd)).toEqual([])
  })
})

const failureOf = (end: CliEnd): StepFailed => {
  const [failure] = eventsOf(end, 'step-failed')
  expect(failure, end.stdout.slice(-2000) + end.stderr).toBeDefined()
  return failure!
}
