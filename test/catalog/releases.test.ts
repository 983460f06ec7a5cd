import { expect, test } from 'vitest'
import {
  builderOf,
  fill,
  findRelease,
  nearestRelease,
  pickerOrder,
  releaseName,
  releases,
  similarReleases,
  standardRelease,
} from '../../src/catalog/releases.ts'
import { distributionNamed, distributions } from '../../src/catalog/distributions.ts'
import { supportOf } from '../../src/catalog/support.ts'
import type { Release } from '../../src/catalog/types.ts'

const TODAY = '2026-11-23'

const release = (codename: string): Release => releases().find(row => row.codename === codename)!
const names = (list: readonly Release[]): string[] => list.map(({ codename }) => codename)

test('the catalogue has 26 releases of Ubuntu and 8 of Debian or more, each named once', () => {
  for (const [distro, count] of [
    ['ubuntu', 26],
    ['debian', 8],
  ] as const)
    expect(releases().filter(row => row.distro === distro).length).toBeGreaterThanOrEqual(count)
  for (const { name, releases: list } of distributions()) {
    expect(new Set(names(list)).size, name).toBe(list.length)
    const versions = list.map(({ version }) => version)
    expect(new Set(versions).size, name).toBe(versions.length)
  }
})

test('a release has its names, kind and dates', () => {
  expect(release('noble')).toEqual({
    distro: 'ubuntu',
    codename: 'noble',
    name: 'Noble Numbat',
    version: '24.04',
    longTerm: true,
    released: '2024-04-25',
    supportedUntil: '2029-05-31',
    longTermUntil: '2034-04-25',
    proof: null,
  })
  expect(release('sid')).toMatchObject({ version: null, longTerm: false, released: null })
})

test.each([
  ['noble', TODAY, 'supported', '2029-05-31', 'supported until May 2029'],
  ['noble', '2029-05-31', 'supported', '2029-05-31', 'supported until May 2029'],
  ['noble', '2029-06-01', 'ended', '2029-05-31', 'standard support ended May 2029'],
  ['trusty', TODAY, 'ended', '2024-04-25', 'support ended April 2024'],
  ['plucky', TODAY, 'ended', '2026-01-15', 'support ended January 2026'],
  ['stonking', '2026-10-14', 'development', null, 'in development'],
  ['stonking', '2026-10-15', 'supported', '2027-07-15', 'supported until July 2027'],
  ['trixie', TODAY, 'supported', '2028-08-09', 'supported until August 2028'],
  ['bookworm', TODAY, 'long-term', '2028-06-30', 'long-term support until June 2028'],
  ['bullseye', TODAY, 'ended', '2026-08-31', 'support ended August 2026'],
  ['forky', TODAY, 'development', null, 'in development'],
  ['sid', TODAY, 'development', null, 'in development'],
])('%s on %s: %s', (codename, today, state, until, words) => {
  expect(supportOf(release(codename), today)).toEqual({ state, until, words })
})

test('a release without an end is supported, and no words are longer than 40 letters', () => {
  const endless = { ...release('noble'), supportedUntil: null, longTermUntil: null }
  expect(supportOf(endless, TODAY)).toEqual({ state: 'supported', until: null, words: 'supported' })
  const longest = { ...release('bookworm'), longTermUntil: '2028-09-30' }
  expect(supportOf(longest, TODAY).words.length).toBeLessThanOrEqual(40)
})

test.each<[string, string, string]>([
  ['ubuntu', TODAY, 'resolute'],
  ['ubuntu', '2026-04-22', 'noble'],
  ['ubuntu', '2010-01-01', 'quantal'],
  ['debian', TODAY, 'trixie'],
  ['debian', '2025-08-08', 'bookworm'],
])('%s on %s: %s is the standard', (distro, today, codename) => {
  expect(standardRelease(distro, today).codename).toBe(codename)
})

test('people meet long-term releases first, then the others, then those in development', () => {
  const ubuntu = pickerOrder('ubuntu', TODAY)
  expect(names(ubuntu.main)).toEqual(['resolute', 'noble', 'jammy', 'stonking'])
  expect(names(ubuntu.ended).slice(0, 4)).toEqual(['questing', 'plucky', 'oracular', 'mantic'])
  expect(names(pickerOrder('ubuntu', '2026-05-01').main)).toEqual([
    'resolute',
    'noble',
    'jammy',
    'questing',
    'stonking',
  ])
  const debian = pickerOrder('debian', TODAY)
  expect(names(debian.main)).toEqual(['trixie', 'bookworm', 'forky', 'sid'])
  expect(names(debian.ended)).toEqual(['bullseye', 'buster', 'stretch', 'jessie'])
  for (const distro of distributions().map(({ name }) => name)) {
    const { main, ended } = pickerOrder(distro, TODAY)
    const all = releases().filter(row => row.distro === distro)
    expect(new Set([...main, ...ended])).toEqual(new Set(all))
  }
})

test.each([
  ['noble', 'noble'],
  [' NOBLE ', 'noble'],
  ['Noble  Numbat', 'noble'],
  ['24.04', 'noble'],
  ['24.04 lts', 'noble'],
  ['12', 'bookworm'],
  ['sid', 'sid'],
  ['unstable', 'sid'],
  ['stable', 'trixie'],
  ['testing', 'forky'],
  ['LTS', 'resolute'],
])('%j is %s', (text, codename) => {
  expect(findRelease(text, TODAY)?.codename).toBe(codename)
})

test.each([
  ['Rocky Linux 9', 'rocky', '9'],
  ['rockylinux:9', 'rocky', '9'],
  ['CentOS Stream 9', 'centos-stream', '9'],
  ['stream9', 'centos-stream', '9'],
  ['openSUSE Leap 16.0', 'opensuse-leap', '16.0'],
  ['opensuse/leap:15.6', 'opensuse-leap', '15.6'],
  ['openSUSE Tumbleweed', 'opensuse-tumbleweed', 'tumbleweed'],
  ['Arch Linux', 'arch', 'arch'],
  ['archlinux:latest', 'arch', 'arch'],
  ['Kali Linux', 'kali', 'kali-rolling'],
  ['AlmaLinux OS 9.4', 'almalinux', '9'],
  ['Fedora Linux 44', 'fedora', '44'],
  ['fedora:latest', 'fedora', '44'],
  ['Debian GNU/Linux 12', 'debian', 'bookworm'],
])('%s, as screens and registries have it, is %s %s', (text, distro, codename) => {
  expect(findRelease(text, TODAY)).toMatchObject({ distro, codename })
})

test('a release is called by its code name where that is enough', () => {
  expect(
    ['noble', 'sid', 'arch', 'tumbleweed', 'edge', '44', 'kali-rolling'].map(one =>
      releaseName(release(one)),
    ),
  ).toEqual([
    'noble',
    'Debian sid',
    'Arch Linux',
    'openSUSE Tumbleweed',
    'Alpine edge',
    'Fedora 44',
    'Kali Linux kali-rolling',
  ])
})

test.each(['', 'linux', '24', '24.10 LTS', '12 LTS', '24.4.1', '7', 'nobel', 'null', 'null lts'])(
  '%j is no release',
  text => expect(findRelease(text, TODAY)).toBeNull(),
)

test('words that move on move on', () => {
  expect(findRelease('lts', '2026-01-01')?.codename).toBe('noble')
  expect(findRelease('stable', '2025-08-01')?.codename).toBe('bookworm')
  expect(findRelease('testing', '2025-08-01')?.codename).toBe('trixie')
})

test('a release of the other distribution is none', () => {
  expect(findRelease('noble', TODAY, 'ubuntu')?.codename).toBe('noble')
  for (const text of ['noble', '24.04', 'lts'])
    expect(findRelease(text, TODAY, 'debian')).toBeNull()
  for (const text of ['trixie', '12', 'stable', 'unstable'])
    expect(findRelease(text, TODAY, 'ubuntu')).toBeNull()
})

test.each([
  ['nobel', 'noble'],
  ['bookwrm', 'bookworm'],
  ['Jamy', 'jammy'],
  ['24.4', '24.04'],
  ['24.04.1', '24.04'],
  ['12.5', '12'],
  ['ubuntu 22.04', '22.04'],
  ['stabel', 'stable'],
])('%j resembles %s', (text, name) => {
  // The first three are told.
  expect(similarReleases(text).slice(0, 3)).toContain(name)
})

test.each(['devel', 'Dev', 'experimental', 'rawhide'])(
  '%j means what is still worked on, the one that never comes out first',
  text => {
    expect(similarReleases(text).slice(0, 3)).toEqual(['sid', 'edge', 'forky'])
    expect(nearestRelease(text, TODAY, 'debian')?.codename).toBe('sid')
    expect(nearestRelease(text, TODAY, 'devuan')).toBeNull()
  },
)

test.each(['', 'x', 'qqqq', 'wxyz', 'etch'])('%j resembles nothing', text => {
  expect(similarReleases(text)).toEqual([])
})

test.each([
  ['noble', TODAY, 'ubuntu:24.04'],
  ['focal', TODAY, 'ubuntu:20.04'],
  ['stonking', '2026-05-01', 'ubuntu:26.10'],
  ['xenial', TODAY, 'ubuntu:26.04'],
  ['questing', TODAY, 'ubuntu:26.04'],
  ['plucky', '2026-02-01', 'ubuntu:25.10'],
  ['stonking', '2027-08-01', 'ubuntu:26.10'],
  ['bookworm', TODAY, 'debian:bookworm-slim'],
  ['bullseye', TODAY, 'debian:trixie-slim'],
  ['forky', TODAY, 'debian:forky-slim'],
  ['sid', TODAY, 'debian:sid-slim'],
])('%s is bootstrapped on %s in %s', (codename, today, image) => {
  expect(builderOf(release(codename), today)).toBe(image)
})

test('no builder is older than its release', () => {
  const imageNames = new Map(releases().map(row => [`${row.distro} ${ownImage(row)}`, row]))
  for (const today of ['2020-01-01', TODAY, '2028-01-01', '2040-01-01'])
    for (const row of releases().filter(({ released }) => released !== null && released <= today)) {
      const builder = imageNames.get(`${row.distro} ${builderOf(row, today)}`)!
      expect(builder.released! >= row.released!, `${row.codename} on ${today}`).toBe(true)
    }
})

const ownImage = (row: Release): string => fill(distributionNamed(row.distro).builder.image, row)
