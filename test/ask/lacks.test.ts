import { expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { distributions } from '../../src/catalog/distributions.ts'
import { printScript } from '../../src/plan/script/print-script.ts'
import { planToShow } from '../../src/plan/plan-to-show.ts'
import { facts } from '../plan/minimal/inputs.ts'

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
  ['alpine:3.9', 'Alpine', 'alpine:3.12'],
  ['ubuntu:24.05', 'Ubuntu', 'noble'],
  ['debian:bokworm', 'Debian', 'bookworm'],
])('a release that does not exist (%s) is refused with the nearest', (text, title, near) => {
  const [distro, version] = text.split(':') as [string, string]
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

test('what rolls has no number that is near', () => {
  expect(refusal(['--release', 'kali:7'])).toHaveLength(2)
})

test.each(distributions().map(one => [one.name, one] as const))(
  '%s refuses a variant and an architecture that it lacks',
  (name, { title, variants, architectures }) => {
    const [what, ...todo] = refusal(['--distro', name, '--variant', `${variants[0]!.name}x`])
    expect(what).toBe(`--variant: ${title} has no variant "${variants[0]!.name}x".`)
    expect(todo[0]).toBe(`Did you mean ${variants[0]!.name}?`)
    // Debian's archive has ports for all that --arch knows.
    if (name === 'debian') return expect(architectures).toBeNull()
    const all = ['amd64', 'arm64', 'arm', '386', 'ppc64le', 's390x', 'riscv64', 'loong64']
    const other = all.find(arch => !architectures!.includes(arch))
    // Alpine has them all.
    if (other === undefined) return
    for (const script of [false, true])
      expect(refusal(['--distro', name, '--arch', other], script)).toEqual([
        `--arch: ${title} has no packages for ${other}.`,
        expect.stringContaining('--arch amd64'),
      ])
  },
)
