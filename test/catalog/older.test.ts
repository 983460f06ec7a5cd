import { expect, test } from 'vitest'
import { movedTo } from '../../src/catalog/archives.ts'
import { distributionNamed, distributions } from '../../src/catalog/distributions.ts'
import { distributionAt, goneFrom, isBefore } from '../../src/catalog/older.ts'
import { faultsOf } from '../../src/catalog/recipe.ts'
import { builderOf, findRelease } from '../../src/catalog/releases.ts'
import { supportOf } from '../../src/catalog/support.ts'
import type { Distribution, Release } from '../../src/catalog/types.ts'

const TODAY = '2026-11-29'
const VAULT = 'https://vault.centos.org/centos'
const FEDORA = 'https://archives.fedoraproject.org/pub/archive/fedora/linux'

const release = (word: string): Release => findRelease(word, TODAY)!
const at = (word: string): Distribution => distributionAt(release(word))
const packages = (word: string, variant = 0): readonly string[] =>
  at(word).variants[variant]!.packages

test('the newest releases are as their file says first', () => {
  for (const one of distributions()) {
    const newest = one.releases.find(({ version }) => version !== null) ?? one.releases[0]!
    expect(distributionAt(newest), one.name).toEqual(one)
  }
})

// Sources: docs/adding-a-distribution.md.
test('Enterprise Linux 8 lacks two packages, and its keys have other names', () => {
  for (const name of ['rocky', 'almalinux', 'centos-stream']) {
    const [nine, eight] = [packages(`${name}:9`), packages(`${name}:8`)]
    expect(nine).toEqual(expect.arrayContaining(['curl-minimal', 'crypto-policies-scripts']))
    expect(eight).toEqual(
      nine.filter(one => one !== 'curl-minimal' && one !== 'crypto-policies-scripts'),
    )
    expect(packages(`${name}:8`, 1)).toContain('microdnf')
  }
  expect(at('rocky:8').settings['key']).toBe('/etc/pki/rpm-gpg/RPM-GPG-KEY-rockyofficial')
  expect(at('almalinux:8').settings['key']).toBe('/etc/pki/rpm-gpg/RPM-GPG-KEY-AlmaLinux')
  const official = '/etc/pki/rpm-gpg/RPM-GPG-KEY-centosofficial'
  for (const [version, key] of [
    ['10', `${official}-SHA256`],
    ['9', official],
    ['8', official],
  ])
    expect(at(`centos-stream:${version}`).settings['key']).toBe(key)
})

test('Fedora has dnf5 from 41 on, util-linux-core from 36, and a release package for containers from 29', () => {
  for (const [version, dnf, util, itself] of [
    ['44', 'dnf5', 'util-linux-core', 'fedora-release-container'],
    ['41', 'dnf5', 'util-linux-core', 'fedora-release-container'],
    ['40', 'dnf', 'util-linux-core', 'fedora-release-container'],
    ['36', 'dnf', 'util-linux-core', 'fedora-release-container'],
    ['35', 'dnf', 'util-linux', 'fedora-release-container'],
    ['28', 'dnf', 'util-linux', 'fedora-release'],
  ] as const) {
    const some = packages(`fedora:${version}`)
    expect(some, version).toEqual(expect.arrayContaining([dnf, util, itself]))
    expect(some.filter(name => /^(?:dnf|util|fedora)/.test(name))).toHaveLength(3)
    expect(packages(`fedora:${version}`, 2), 'micro').not.toContain(dnf)
  }
  expect(at('fedora:28').settings['paths']).toContain('updates/{version}/Everything/{machine}')
  expect(at('fedora:27').settings['paths']).toContain('updates/{version}/{machine}')
})

test('Leap has its updates beside it, those of SUSE Linux Enterprise from 15.3 to 15.6', () => {
  const paths = (word: string): unknown => at(word).settings['paths']
  expect(packages('leap:16.0')).toContain('Leap-release')
  expect(paths('leap:16.0')).toHaveLength(1)
  for (const [version, many] of [
    ['15.6', 4],
    ['15.3', 4],
    ['15.2', 2],
    ['15.0', 2],
  ] as const) {
    expect(packages(`leap:${version}`)).toContain('openSUSE-release')
    expect(paths(`leap:${version}`)).toHaveLength(many)
    const ports = at(`leap:${version}`).settings['otherArchitectures']
    expect(ports === undefined).toBe(many === 4)
  }
})

test('the file that names Alpine is a package of its own from 3.17 on', () => {
  expect(packages('alpine:3.17')).toContain('alpine-release')
  expect(packages('alpine:3.16')).toContain('alpine-base')
  expect(packages('alpine:3.16')).not.toContain('alpine-release')
})

test('a release is made in its own image, ended or not, where nothing must be installed in it', () => {
  for (const [word, image] of [
    ['rocky:8', 'rockylinux/rockylinux:8'],
    ['almalinux:8', 'almalinux:8'],
    ['centos-stream:8', 'quay.io/centos/centos:stream8'],
    ['leap:15.3', 'opensuse/leap:15.3'],
    ['fedora:38', 'fedora:38'],
    ['alpine:3.12', 'alpine:3.12'],
    // debootstrap has to be installed, and its own archive has gone.
    ['buster', 'debian:trixie-slim'],
  ] as const)
    expect(builderOf(release(word), TODAY)).toBe(image)
})

test.each([
  ['centos-stream:8', 'amd64', VAULT],
  ['centos-stream:9', 'amd64', null],
  ['fedora:41', 'amd64', FEDORA],
  ['fedora:38', 'arm64', FEDORA],
  // Its archive is another, which the builder's own list knows.
  ['fedora:38', 's390x', null],
  // Its list of mirrors still has it, or knows where it went.
  ['fedora:42', 'amd64', null],
  // These stay where they are.
  ['leap:15.3', 'amd64', null],
  ['alpine:3.12', 'amd64', null],
  ['buster', 'amd64', 'http://archive.debian.org/debian'],
  ['bookworm', 'amd64', null],
])('the archive of %s for %s has moved to %s', (word, arch, where) => {
  expect(movedTo(release(word), arch)).toBe(where)
})

test('every release of Enterprise Linux that is supported is there', () => {
  for (const word of ['rocky8', 'alma8', 'almalinux 8', 'rocky:8.10'])
    expect(supportOf(release(word), TODAY).words, word).toBe('supported until May 2029')
  for (const [word, version] of [
    ['leap15.6', '15.6'],
    ['leap:15.6', '15.6'],
    ['opensuse-leap 15.6', '15.6'],
    ['leap', '16.0'],
    ['alma', '10'],
    ['fedora38', '38'],
  ] as const)
    expect(release(word).version, word).toBe(version)
})

test('a word that moves on is no beginning of another', () => {
  for (const word of ['stablex', 'leapy', 'ltsx']) expect(findRelease(word, TODAY)).toBeNull()
})

test('what is gone has a reason, and what nobody knows has none', () => {
  for (const [name, text] of [
    ['fedora', 'fedora core 1'],
    ['fedora', '25'],
    ['opensuse-leap', 'leap42.3'],
    ['centos-stream', 'centos:7'],
    ['alpine', '3.2'],
    ['debian', 'Wheezy'],
    ['ubuntu', '10.04'],
    ['devuan', '1'],
  ] as const)
    expect(goneFrom(distributionNamed(name), text)?.why, text).toMatch(/^[A-Z].*\.$/)
  for (const [name, text] of [
    ['fedora', '99'],
    ['opensuse-leap', '17.0'],
    ['opensuse-leap', 'leap'],
    ['rocky', '7'],
  ] as const)
    expect(goneFrom(distributionNamed(name), text), text).toBeNull()
  for (const one of distributions())
    for (const { version } of one.releases) expect(goneFrom(one, version ?? '')).toBeNull()
})

test('versions compare by their numbers', () => {
  expect(isBefore('3.9', '3.10')).toBe(true)
  expect(isBefore('3.17', '3.17')).toBe(false)
  expect(isBefore('15.6', '16')).toBe(true)
  expect(isBefore(null, '3')).toBe(false)
})

test('each row of what ships counts for something', () => {
  for (const { name, folder } of distributions()) expect(faultsOf(folder), name).toEqual([])
})
