import { expect, test } from 'vitest'
import { archivesOf, debianArch, sourcesOf } from '../../src/catalog/archives.ts'
import { releases } from '../../src/catalog/releases.ts'
import type { Release } from '../../src/catalog/types.ts'

const release = (codename: string): Release => releases().find(row => row.codename === codename)!

/** The sources as lines of apt: `URL SUITE COMPONENTS`. */
const lines = (codename: string, arch = 'amd64', components?: string): string[] =>
  sourcesOf(release(codename), arch, components).map(
    source => `${source.url} ${source.suite} ${source.components}`,
  )

test.each(['amd64', '386'])('Ubuntu for %s is in the main archive', arch => {
  expect(archivesOf(release('noble'), arch)).toEqual({
    archive: 'http://archive.ubuntu.com/ubuntu',
    moved: 'http://old-releases.ubuntu.com/ubuntu',
    security: 'http://security.ubuntu.com/ubuntu',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  })
})

test.each(['arm64', 'arm', 'ppc64le', 's390x', 'riscv64'])('Ubuntu for %s is in ports', arch => {
  expect(archivesOf(release('noble'), arch)).toMatchObject({
    archive: 'http://ports.ubuntu.com/ubuntu-ports',
    moved: 'http://old-releases.ubuntu.com/ubuntu',
    security: 'http://ports.ubuntu.com/ubuntu-ports',
  })
})

test('Debian is in one archive for all architectures, its security updates in another', () => {
  const archives = {
    archive: 'http://ftp.debian.org/debian',
    moved: 'http://archive.debian.org/debian',
    security: 'http://security.debian.org/debian-security',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  }
  for (const arch of ['amd64', 'arm64', 'loong64'])
    expect(archivesOf(release('trixie'), arch)).toEqual(archives)
})

test('releases that have left are where they went', () => {
  const old = 'http://old-releases.ubuntu.com/ubuntu'
  for (const arch of ['amd64', 'arm64'])
    expect(archivesOf(release('hirsute'), arch)).toMatchObject({ archive: old, security: old })
  expect(archivesOf(release('buster'), 'amd64')).toEqual({
    archive: 'http://archive.debian.org/debian',
    moved: 'http://archive.debian.org/debian',
    security: 'http://archive.debian.org/debian-security',
    keyring: '/usr/share/keyrings/debian-archive-removed-keys.gpg',
  })
})

test('exactly those have left that were not in the main archives on 2026-11-23', () => {
  const rows = releases().filter(({ distro }) => ['ubuntu', 'debian'].includes(distro))
  const there = rows.filter(row => {
    const { archive, moved } = archivesOf(row, 'amd64')
    return archive !== moved && row.released !== null && row.released <= '2026-11-23'
  })
  expect(there.map(({ codename }) => codename).join(' ')).toBe(
    'stonking resolute questing plucky noble jammy focal bionic xenial trixie bookworm bullseye',
  )
})

test.each([
  [
    'noble',
    [
      'http://archive.ubuntu.com/ubuntu noble main universe',
      'http://archive.ubuntu.com/ubuntu noble-updates main universe',
      'http://security.ubuntu.com/ubuntu noble-security main universe',
    ],
  ],
  [
    'trixie',
    [
      'http://ftp.debian.org/debian trixie main',
      'http://ftp.debian.org/debian trixie-updates main',
      'http://security.debian.org/debian-security trixie-security main',
    ],
  ],
  [
    'forky',
    [
      'http://ftp.debian.org/debian forky main',
      'http://ftp.debian.org/debian forky-updates main',
      'http://security.debian.org/debian-security forky-security main',
    ],
  ],
  ['sid', ['http://ftp.debian.org/debian sid main']],
  [
    'buster',
    [
      'http://archive.debian.org/debian buster main',
      'http://archive.debian.org/debian buster-updates main',
      'http://archive.debian.org/debian-security buster/updates main',
    ],
  ],
  [
    'stretch',
    [
      'http://archive.debian.org/debian stretch main',
      'http://archive.debian.org/debian-security stretch/updates main',
    ],
  ],
])('the sources of %s', (codename, expected) => {
  expect(lines(codename)).toEqual(expected)
})

test('the suite of security updates has its newer name from bullseye on', () => {
  expect(lines('bullseye').at(-1)).toContain(' bullseye-security ')
})

test('other components and architectures are written as asked', () => {
  expect(lines('noble', 'arm64', 'main')).toEqual([
    'http://ports.ubuntu.com/ubuntu-ports noble main',
    'http://ports.ubuntu.com/ubuntu-ports noble-updates main',
    'http://ports.ubuntu.com/ubuntu-ports noble-security main',
  ])
})

test.each([
  ['amd64', 'amd64'],
  ['arm64', 'arm64'],
  ['arm', 'armhf'],
  ['386', 'i386'],
  ['ppc64le', 'ppc64el'],
  ['s390x', 's390x'],
  ['riscv64', 'riscv64'],
  ['loong64', 'loong64'],
])("%s is Debian's %s", (arch, name) => expect(debianArch(arch)).toBe(name))
