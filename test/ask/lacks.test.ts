import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { commandWords } from '../../src/ask/words.ts'
import { today } from '../../src/ask/today.ts'
import { ARCHES } from '../../src/catalog/arches.ts'
import { distributions, useRecipe } from '../../src/catalog/distributions.ts'
import { distributionOf, type DistroFile } from '../../src/catalog/read-distribution.ts'
import { distributionAt } from '../../src/catalog/older.ts'
import { releaseTitle, standardRelease } from '../../src/catalog/releases.ts'
import { printScript } from '../../src/plan/script/print-script.ts'
import { planToShow } from '../../src/plan/plan-to-show.ts'
import { facts } from '../plan/minimal/inputs.ts'

afterEach(() => useRecipe(undefined))

const refusal = (words: readonly string[], script = false): [string, ...string[]] => {
  try {
    const given = givenBy(parseFlags(words), '/home/ada')
    if (script) printScript('sh', given, 'amd64', () => '')
    else planToShow(given, facts())
  } catch (error) {
    const { message, todo, exitCode } = error as Error & { todo: string[]; exitCode: number }
    expect(exitCode).toBe(2)
    return [message, ...todo]
  }
  throw new Error('It was not refused.')
}

test.each([
  ['debian:99', 'Debian', 'forky'],
  ['fedora:45', 'Fedora', 'fedora:44'],
  ['rocky:7', 'Rocky Linux', 'rocky:8'],
  ['opensuse-leap:15.7', 'openSUSE Leap', 'opensuse-leap:15.6'],
  ['ubuntu:24.05', 'Ubuntu', 'noble'],
  ['ubuntu:24', 'Ubuntu', 'noble'],
  ['leap:15', 'openSUSE Leap', 'opensuse-leap:15.6'],
  ['debian:bokworm', 'Debian', 'bookworm'],
])('a release that does not exist (%s) is refused with the nearest', (text, title, near) => {
  const [name, version] = text.split(':') as [string, string]
  const distro = name === 'leap' ? 'opensuse-leap' : name
  for (const words of [
    ['--release', text],
    ['--distro', distro, '--release', version],
  ])
    expect(refusal(words)).toEqual([
      expect.stringMatching(new RegExp(`^--release: ${title} has no release "`)),
      `Did you mean ${near}?`,
      expect.stringContaining('create-base-image releases'),
    ])
})

test('half a name is told which distribution it is half of', () => {
  expect(refusal(['--release', 'centos'])[1]).toBe('Did you mean centos-stream:10?')
  expect(refusal(['--release', 'opensuse'])[1]).toBe('Did you mean opensuse-leap:16.0?')
})

test.each([
  ['fedora:1', ['fedora', '1'], 'fedora:26'],
  ['leap:42.3', ['opensuse-leap', '42.3'], 'opensuse-leap:15.0'],
  ['fedora:rawhide', ['fedora', 'Rawhide'], 'fedora:44'],
  ['wheezy', ['debian', '7'], 'jessie'],
  ['precise', ['ubuntu', '12.04'], 'trusty'],
  ['devuan:jessie', ['devuan', 'ascii'], 'beowulf'],
  ['alpine:3.2', ['alpine', '3.2'], 'alpine:3.3'],
  ['centos7', ['centos-stream', '7'], 'centos-stream:8'],
] as const)('%s, which no archive has or none can make, is refused by name', (text, two, near) => {
  for (const words of [
    ['--release', text],
    ['--distro', two[0], '--release', two[1]],
  ])
    expect(refusal(words)).toEqual([
      expect.stringMatching(/^--release \S+ can't be made\. [A-Z].+\.$/),
      `The nearest that can: ${near}.`,
      expect.stringContaining('create-base-image releases'),
    ])
})

test.each([
  ['3.20', 'loong64'],
  ['3.19', 'riscv64'],
  ['3.8', 'arm'],
  ['3.5', 's390x'],
  ['3.5', 'ppc64le'],
  ['3.4', 'arm64'],
])('Alpine %s was not made for %s', (version, arch) => {
  expect(refusal(['--release', `alpine:${version}`, '--arch', arch])[0]).toBe(
    `--arch: Alpine ${version} has no packages for ${arch}.`,
  )
})

test('a release is refused for an architecture that only newer ones have', () => {
  expect(refusal(['--release', 'rocky:8', '--arch', 's390x'])).toEqual([
    '--arch: Rocky Linux 8 has no packages for s390x.',
    expect.stringMatching(/^It is made for amd64, arm64: /),
  ])
})

test.each([
  ['kali:2026.1', 'kali-rolling'],
  ['arch:7', 'arch'],
  ['tumbleweed:20260101', 'tumbleweed'],
  ['alpine:3', 'alpine:3.24'],
  ['busybox:musl', 'busybox:1.37'],
])('%s: the only release, or the newest of a number, is told', (text, near) => {
  expect(refusal(['--release', text]).slice(0, 2)).toEqual([
    expect.stringContaining(`has no release "${text}"`),
    `Did you mean ${near}?`,
  ])
})

test.each(distributions().map(one => [one.name, one] as const))(
  '%s refuses a variant and an architecture that it lacks',
  (name, { title, variants }) => {
    const [what, ...todo] = refusal(['--distro', name, '--variant', `${variants[0]!.name}x`])
    expect(what).toBe(`--variant: ${title} has no variant "${variants[0]!.name}x".`)
    expect(todo[0]).toBe(`Did you mean ${variants[0]!.name}?`)
    const release = standardRelease(name, today())
    const { architectures } = distributionAt(release)
    const other = ARCHES.find(arch => !architectures!.includes(arch))
    // Alpine has them all.
    if (other === undefined) return
    for (const script of [false, true])
      expect(refusal(['--distro', name, '--arch', other], script)).toEqual([
        `--arch: ${releaseTitle(release)} has no packages for ${other}.`,
        expect.stringContaining('--arch amd64'),
      ])
  },
)

/** A recipe in /home/ada/mine of these releases. */
const recipeOf = (...codenames: string[]): void => {
  const { folder } = distributions().find(one => one.name === 'debian')!
  const file = JSON.parse(readFileSync(join(folder, 'distro.json'), 'utf8')) as DistroFile
  const list = codenames.map(codename => ({
    codename,
    version: codename.replace(/\D/g, '') || null,
  }))
  const releases = { source: 'me', day: '2026-11-28', list }
  const own = { ...file, name: 'mine', title: 'Mine', words: {}, releases }
  useRecipe(distributionOf(own, resolve('/home/ada/mine'), true))
}

test.each([
  [
    'byzantim',
    'Mine has no release "byzantim"',
    'Did you mean byzantium?',
    'The recipe has: byzantium, v10.',
  ],
  ['11', 'Mine has no release "11"', 'Did you mean v10?', 'The recipe has: byzantium, v10.'],
  ['zzz', 'Mine has no release "zzz"', 'The recipe has: byzantium, v10.'],
  ['noble', 'noble is ubuntu', "the recipe's releases: byzantium, v10.", 'leave --recipe out'],
])('what a recipe has is told in place of what ships: --release %s', (text, ...told) => {
  recipeOf('byzantium', 'v10')
  const said = refusal(['--recipe', 'mine', '--release', text])
  expect(said).toHaveLength(told.length)
  for (const [i, words] of told.entries()) expect(said[i]).toContain(words)
  expect(said.join(' ')).not.toContain('create-base-image releases')
})

test('of many releases some are told, and the command that has all is one of ours', () => {
  recipeOf(...Array.from({ length: 9 }, (_, i) => `r${i}`))
  const [, ...todo] = refusal(['--recipe', 'mine', '--release', 'zzz'])
  const [, command = ''] =
    /^The recipe has: r0, r1, r2, r3, r4, r5, …; all of them: create-base-image (.*)$/.exec(
      todo.at(-1)!,
    ) ?? []
  const [name, ...words] = command.split(' ')
  expect(name).toBe('recipe')
  expect(commandWords(words, 'recipe').positionals).toEqual(['check', resolve('/home/ada/mine')])
})
