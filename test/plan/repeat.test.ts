import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { withLock } from '../../src/ask/locked.ts'
import { today } from '../../src/ask/today.ts'
import { assetsFolder } from '../../src/assets.ts'
import { distributions, useRecipe } from '../../src/catalog/distributions.ts'
import { UsageError } from '../../src/errors.ts'
import { distributionOf, OURS_ALONE, type DistroFile } from '../../src/catalog/read-distribution.ts'
import { commandLineOf, commandWordsOf } from '../../src/plan/command-line.ts'

// The command line that a run ends with is read as the program reads it, and must lead to the very answers of the run.

const folder = mkdtempSync(join(tmpdir(), 'cbi-again-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => useRecipe(undefined))

for (const name of ['server', 'hello-amd64', 'hello-arm64'])
  writeFileSync(join(folder, name), '\x7fELF')
writeFileSync(join(folder, 'server.c'), 'int main(void) { return 0; }\n')
writeFileSync(join(folder, 'keys.gpg'), Buffer.from([0x99, 0x01, 0x0d, 4]))
writeFileSync(join(folder, 'cosign.key'), 'key')

const fileOf = (distro: string): DistroFile =>
  JSON.parse(
    readFileSync(join(assetsFolder(), 'distros', distro, 'distro.json'), 'utf8'),
  ) as DistroFile

/** Takes a recipe in the folder `mine` into the catalogue, which is one that ships but for a change. */
const recipe = (like: string, change: object = {}): void =>
  useRecipe(
    distributionOf({ ...fileOf(like), name: 'mine', ...change }, join(folder, 'mine'), true),
  )

const read = (argv: readonly string[]) => givenBy(withLock(parseFlags(argv), folder), folder)

/** The words after our name that repeat a command line, having led to the same answers. */
const repeated = (...argv: string[]): string[] => {
  const first = read(argv)
  const words = commandWordsOf(commandLineOf(first)).slice(2)
  expect(read(words), `${argv.join(' ')} became ${words.join(' ')}`).toEqual({
    ...first,
    programNamed: words.includes('--program'),
  })
  return words
}

test.each(distributions().map(({ name }) => name))('%s: every release and variant', name => {
  const { releases, variants } = distributions().find(one => one.name === name)!
  for (const { codename } of releases) repeated('--distro', name, '--release', codename)
  for (const variant of variants) repeated('--distro', name, '--variant', variant.name)
})

test.each(distributions().map(({ name }) => name))(
  'a recipe like %s: every release and variant, in every order',
  name => {
    const file = fileOf(name)
    // Only what ships has keys of its own, which an image of files alone is made with.
    const shared = file.variants.filter(one => one.name !== OURS_ALONE)
    const own = ['--recipe', './mine']
    for (const variants of [shared, shared.toReversed()]) {
      recipe(name, { variants })
      for (const { codename } of file.releases.list) repeated(...own, '--release', codename)
      for (const variant of variants) repeated(...own, '--variant', variant.name)
    }
  },
)

test('a recipe whose release another distribution has too; the other beside the recipe is refused', () => {
  recipe('debian')
  expect(repeated('--recipe', 'mine', '--release', 'bookworm')).not.toContain('--distro')
  repeated('--recipe', 'mine', '--distro', 'mine')
  for (const { name } of distributions().filter(one => !one.isRecipe))
    expect(() => repeated('--recipe', 'mine', '--distro', name)).toThrow(UsageError)
})

test('a recipe by the name of a distribution that ships, one in capitals, and words as names of releases', () => {
  recipe('debian', { name: 'fedora' })
  repeated('--recipe', 'mine')
  const releases = {
    source: 'me',
    day: today(),
    list: [{ codename: 'Leap', name: 'The Leap' }, { codename: '7' }],
  }
  recipe('debian', { releases, words: {} })
  expect(repeated('--recipe', 'mine', '--release', 'leap')).toContain('Leap')
  expect(repeated('--recipe', 'mine', '--release', '7')).toContain('mine:7')
  recipe('debian', { releases: { ...releases, list: [{ codename: 'stable' }, { codename: 'x' }] } })
  repeated('--recipe', 'mine', '--release', 'x')
  repeated('--recipe', 'mine', '--release', 'stable')
})

test.each([
  ['--slim'],
  ['--no-slim'],
  ['--include', 'curl,jq'],
  ['--bootstrap', 'built-in'],
  ['--bootstrap', 'debootstrap'],
  ['--bootstrap', 'container'],
  ['--bootstrap', 'host'],
  ['--updates'],
  ['--no-updates'],
  ['--snapshot', '20260701T000000Z'],
  ['--mirror', 'http://mirror.example/debian'],
  ['--keyring', './keys.gpg'],
  ['--builder', 'debian:12'],
  ['--builder', 'ubuntu:20.04'],
  ['--arch', 'arm64'],
  ['--engine', 'podman'],
  ['--engine', 'none', '--output', 'out/x.tar'],
  ['--entrypoint', '["/bin/sh", "-c"]', '--cmd', 'echo "a b"'],
  ['--env', 'A=1', '--env', 'B=-x y', '--label', 'a.b=c', '--expose', '80', '--expose', '443/udp'],
  ['--user', '1000:1000'],
  ['--teach'],
  ['--verify', '--pull'],
  ['--offline'],
  ['--push', 'localhost:5000/x', '--sign', 'cosign.key'],
  ['--tag', 'team/base:1'],
  ['--tag', 'my-bookworm:1', 'my-bookworm'],
  ['my folder'],
  ['./clean'],
  ['--', 'cat', '/etc/os-release', '-n', ''],
])('a full image with %j %j', (...argv) => {
  const words = argv.filter(word => word !== undefined)
  repeated('--release', 'bookworm', ...words)
})

writeFileSync(
  join(folder, 'packages.lock'),
  JSON.stringify({
    distribution: 'debian',
    codename: 'trixie',
    architecture: 'arm64',
    variant: 'standard',
    include: ['curl'],
    slim: true,
    suites: [{ role: 'release', archive: 'http://mirror.example/debian' }],
  }),
)

test.each([
  ['--variant', 'standard'],
  ['--variant', 'minbase'],
  ['--variant', 'minbase', '--no-slim', '--include', 'jq'],
  ['--no-slim'],
  ['--updates'],
  ['--release', 'bookworm', '--arch', 'amd64'],
  ['--mirror', 'http://other.example/debian'],
])('a lock of another image, with %j %j', (...argv) => {
  const words = argv.filter(word => word !== undefined)
  repeated('--locked', 'packages.lock', ...words)
})

test.each([
  ['--program', 'server.c', '--compile-in', 'host', '--libc', 'musl'],
  ['--program', './server', '--arch', 'arm64'],
  ['--program', './hello-{arch}', '--arch', 'amd64,arm64'],
  ['--program', 'raw:--a "b"\tc', '--arch', 'amd64,arm64'],
  ['--program', 'raw'],
  ['--with', 'tmp,user,ca-certificates'],
  ['--builder', 'debian:12', '--libc', 'musl'],
  ['--user', 'nonroot', '--with', 'user', '--expose', '80'],
  ['--engine', 'none', '--output', '-x.tar'],
  ['-x'],
])('a minimal image with %j', (...argv) => {
  const dashed = argv.length === 1 && argv[0] === '-x'
  repeated(...(dashed ? ['./-x'] : argv))
})
