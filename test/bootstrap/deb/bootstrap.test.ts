import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { planPackages } from '../../../src/bootstrap/deb/bootstrap.ts'
import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { sourcesFor } from '../../../src/bootstrap/deb/sources.ts'
import type { BootstrapRequest, Fetcher, SeenIndexes } from '../../../src/bootstrap/types.ts'
import { makeSigner } from './signed.ts'
import { archiveOf as archiveBy, type Suite } from './small-archive.ts'
import type { Row } from './small-index.ts'

const DATE = new Date('2026-02-01T00:00:00Z')
const NOW = Date.parse('2026-02-02T00:00:00Z')
const ARCHIVE = 'http://me:secret@mirror.test/debian'

const signer = await makeSigner(new Date('2026-01-01T00:00:00Z'))
const archiveOf = (suites: Readonly<Record<string, Suite>>) => archiveBy(suites, signer, DATE)

const asked: string[] = []

const fetcherOf = (files: ReadonlyMap<string, Buffer>): Fetcher => ({
  bytes: ({ url, what, maxBytes }) => {
    asked.push(url)
    const bytes = files.get(url.replace('http://me:secret@mirror.test/', ''))
    if (bytes === undefined) return Promise.reject(new BootstrapError('not-found', what))
    expect(bytes.length).toBeLessThanOrEqual(maxBytes)
    return Promise.resolve({ bytes, from: 'network' })
  },
  file: () => Promise.reject(new Error('No package is fetched by a plan.')),
})

const BASE: readonly Row[] = [
  ['base-files 12 required', { Depends: 'libc6' }],
  ['libc6 2.36 required'],
  ['apt 2.6 important'],
]

const REQUEST: BootstrapRequest = {
  distribution: 'debian',
  codename: 'trixie',
  sources: sourcesFor(
    {
      distribution: 'debian',
      codename: 'trixie',
      archive: 'http://deb.test/debian',
      updatesSuite: 'trixie-updates',
      securityArchive: 'http://security.test/debian-security',
      securitySuite: 'trixie-security',
    },
    { components: ['main'], updates: true, mirror: ARCHIVE, near: null, snapshot: null },
  ),
  architecture: 'amd64',
  variant: 'minbase',
  include: [],
  exclude: [],
  keys: [signer.key],
  now: NOW,
  snapshot: false,
}

const plan = async (
  suites: Readonly<Record<string, Suite>>,
  change: Partial<BootstrapRequest> = {},
  seen?: SeenIndexes,
) =>
  planPackages({
    request: { ...REQUEST, ...change },
    fetcher: fetcherOf(await archiveOf(suites)),
    signal: new AbortController().signal,
    ...(seen && { seen }),
  })

const codeOf = (planned: Promise<unknown>): Promise<string> =>
  planned.then(
    () => 'planned',
    (error: { code: string }) => error.code,
  )

const RELEASE = { 'debian/dists/trixie': { rows: BASE } }

test('release, updates and security together; what a mirror lacks is told; no login is kept', async () => {
  const set = await plan({
    ...RELEASE,
    'debian-security/dists/trixie-security': { rows: [['libc6 2.36+deb13u1 required']] },
  })
  expect(set.required.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'base-files 12',
    'libc6 2.36+deb13u1',
  ])
  expect(set).toMatchObject({ newer: 1, epoch: DATE.getTime() / 1000, extras: [] })
  expect(set.missing.map(({ suite }) => suite)).toEqual(['trixie-updates'])
  expect(set.suites[0]!.signedBy).toEqual([signer.key.fingerprint])
  const libc = set.required[1]!
  expect(libc.url).toBe('http://mirror.test/debian-security/pool/libc6_2.36%2Bdeb13u1_amd64.deb')
  expect(asked).toContain('http://me:secret@mirror.test/debian/dists/trixie/InRelease')
  expect(JSON.stringify([set.required, set.base])).not.toContain('secret')
})

test('a suite that must be there and is not, is named with its place', async () => {
  await expect(plan({})).rejects.toMatchObject({
    code: 'not-found',
    message: 'There is no suite trixie at http://mirror.test/debian.',
  })
})

test.each<[string, Partial<Suite>, Partial<BootstrapRequest>]>([
  ['suite-wrong', { fields: { Codename: 'bookworm' } }, {}],
  ['index-expired', { fields: { 'Valid-Until': 'Sun, 01 Feb 2026 12:00:00 UTC' } }, {}],
  ['planned', { fields: { 'Valid-Until': 'Sun, 01 Feb 2026 12:00:00 UTC' } }, { snapshot: true }],
  ['planned', { fields: { 'Valid-Until': 'Sun, 08 Feb 2026 12:00:00 UTC' } }, {}],
  ['index-from-future', {}, { now: Date.parse('2026-01-30T00:00:00Z') }],
  ['index-malformed', { fields: { Date: 'yesterday' } }, {}],
  ['architecture-lacks', {}, { architecture: 's390x' }],
  ['signature-weak', { fields: { SHA256: null } }, {}],
  [
    'component-lacks',
    { fields: { SHA256: `\n ${'0'.repeat(64)} 1 other/binary-amd64/Packages` } },
    {},
  ],
])('%s: %j, asked with %j', async (code, suite, change) => {
  const found = await codeOf(plan({ 'debian/dists/trixie': { rows: BASE, ...suite } }, change))
  expect(found).toBe(code)
})

test('an index that says another size than it has is refused', async () => {
  const files = await archiveOf(RELEASE)
  const [path, zipped] = [...files].find(([name]) => name.includes('by-hash'))!
  files.set(path, gzipSync(Buffer.alloc(10_000_000)))
  expect(zipped.length).toBeLessThan(10_000)
  const planned = planPackages({
    request: REQUEST,
    fetcher: {
      ...fetcherOf(files),
      bytes: ({ url }) => {
        const bytes = files.get(url.replace('http://me:secret@mirror.test/', ''))
        return bytes === undefined
          ? Promise.reject(new BootstrapError('not-found', url))
          : Promise.resolve({ bytes, from: 'network' })
      },
    },
    signal: new AbortController().signal,
  })
  await expect(planned).rejects.toMatchObject({ code: 'index-malformed' })
})

test('an index older than one that was seen is a replay, and a newer one is noted', async () => {
  const noted: number[] = []
  const seen = (date: number): SeenIndexes => ({
    newest: () => Promise.resolve(date),
    note: (_archive, _suite, newer) => Promise.resolve(void noted.push(newer)),
  })
  expect(await codeOf(plan(RELEASE, {}, seen(DATE.getTime() + 1000)))).toBe('index-replayed')
  expect(noted).toEqual([])
  expect(await codeOf(plan(RELEASE, {}, seen(DATE.getTime())))).toBe('planned')
  expect(noted).toEqual([DATE.getTime()])
  for (const [minutes, age] of [
    [0.1, '1 minute'],
    [45, '45 minutes'],
    [60, '1 hour'],
    [47 * 60, '47 hours'],
    [48 * 60, '2 days'],
  ] as const)
    await expect(plan(RELEASE, {}, seen(DATE.getTime() + minutes * 60_000))).rejects.toThrow(
      `, ${age} older than one of `,
    )
})
