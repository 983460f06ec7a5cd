import { X509Certificate } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { rootCertificates } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { extraSteps } from '../../../src/plan/minimal/extras.ts'
import type { CraftContext } from '../../../src/run/crafts/craft.ts'
import { crafts, runCraft } from '../../../src/run/crafts/index.ts'
import { certificateBundle } from '../../../src/run/crafts/write-certificates.ts'
import { imageFiles } from '../../../src/run/project/image-files.ts'
import type { Project } from '../../../src/run/project/project.ts'
import { madeTar, tarClaiming, type Made } from '../../oci/make-tar.ts'
import { engine, facts, given } from '../../plan/minimal/inputs.ts'

let folder: string
let project: Project
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'extras-'))
  const state = { version: 1, finished: false, answers: {}, written: {}, steps: {} } as const
  project = { directory: folder, kind: 'resumed', state, made: false, wasEmpty: false }
})
afterEach(() => rmSync(folder, { recursive: true }))

const context = (stdin?: Readable): CraftContext => ({
  project,
  runId: 'test',
  signal: new AbortController().signal,
  assets: '',
  ...(stdin === undefined ? {} : { stdin }),
})

/** Runs the craft of the step that puts this in, as the plan has it. */
const putIn = (extra: string, change: object = {}) => {
  const answers = given('--with', extra)
  const inputs = {
    given: answers,
    facts: facts(),
    engine,
    arch: 'amd64',
    programSource: 'raw',
    name: 'x',
  }
  const stage = extraSteps(inputs as Parameters<typeof extraSteps>[0])[0]!.pipeline[0]!
  if (stage.kind !== 'craft') throw new Error('The step has no craft.')
  return runCraft({ ...stage, input: { ...stage.input, ...change } }, context())
}

const at = (...parts: string[]): string => join(folder, 'files', ...parts)
const read = (...parts: string[]): string => readFileSync(at(...parts), 'utf8')
const modeOf = (path: string): number => statSync(path).mode & 0o777
const posix = process.platform !== 'win32'

const BUNDLE = ['etc', 'ssl', 'certs', 'ca-certificates.crt'] as const
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

test('the bundle holds every certificate that Node trusts, each below its subject', async () => {
  await putIn('ca-certificates')
  const text = read(...BUNDLE)
  const found = [...text.matchAll(PEM)].map(([pem]) => new X509Certificate(pem))
  const fingerprints = (list: readonly X509Certificate[]) => list.map(c => c.fingerprint256).sort()
  expect(found.length).toBeGreaterThan(50)
  expect(fingerprints(found)).toEqual(
    fingerprints(rootCertificates.map(pem => new X509Certificate(pem))),
  )
  expect(text.match(/^# /gm)).toHaveLength(found.length)
  expect(text).toContain(`# ${found[0]!.subject.replaceAll('\n', ', ')}\n-----BEGIN`)
})

test('the same list in another order gives the same bytes', () => {
  const some = rootCertificates.slice(0, 9)
  const text = certificateBundle(some)
  expect(certificateBundle(some.toReversed())).toBe(text)
  const subjects = [...text.matchAll(/^# (.*)$/gm)].map(([, subject]) => subject!)
  expect(subjects).toEqual(subjects.toSorted((a, b) => (a < b ? -1 : 1)))
})

test('root and nonroot have a name and a group', async () => {
  await putIn('user')
  expect(read('etc', 'passwd')).toMatch(/^root:x:0:0:.*\nnonroot:x:65532:65532:.*\n$/)
  expect(read('etc', 'passwd').match(/:/g)).toHaveLength(12)
  expect(read('etc', 'group')).toBe('root:x:0:\nnonroot:x:65532:\n')
})

test.skipIf(!posix)('what is put in is readable for all, whatever the umask is', async () => {
  const before = process.umask(0o077)
  try {
    await putIn('user')
    await putIn('ca-certificates')
  } finally {
    process.umask(before)
  }
  for (const path of ['', 'etc', 'etc/ssl', 'etc/ssl/certs']) expect(modeOf(at(path))).toBe(0o755)
  expect([modeOf(at('etc/passwd')), modeOf(at(...BUNDLE))]).toEqual([0o644, 0o644])
})

test('a list that the person changed stays theirs, also for a newer Node', async () => {
  await putIn('user')
  writeFileSync(at('etc', 'group'), 'mine\n')
  for (const _ of [1, 2]) {
    expect((await putIn('user')).result).toBe('kept your files/etc/group')
    expect(read('etc', 'group')).toBe('mine\n')
  }
})

const zoneTree = (): string => {
  const from = join(folder, 'zoneinfo')
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(from, path)), { recursive: true })
    writeFileSync(join(from, path), text)
  }
  for (const path of ['Europe/London', 'posix/Europe/London', 'right/Europe/London'])
    put(path, `TZif2 ${path}`)
  put('zone.tab', 'table')
  put('leap-seconds.list', 'seconds')
  writeFileSync(join(folder, 'secret'), 'TZif secret')
  symlinkSync('Europe/London', join(from, 'GB'))
  symlinkSync('../../secret', join(from, 'Europe/Outside'))
  symlinkSync('nowhere', join(from, 'Lost'))
  symlinkSync('/etc/localtime', join(from, 'localtime'))
  return from
}

test.skipIf(!posix)(
  'zones are copied with links as files; what leads elsewhere or is never asked for is left out',
  async () => {
    // What a killed run left is none of it.
    mkdirSync(join(folder, '.create-base-image', 'zones'), { recursive: true })
    writeFileSync(join(folder, '.create-base-image', 'zones', 'old'), 'TZif')
    const { result, lines } = await putIn('tzdata', { from: zoneTree() })
    expect(result).toBe('3 files')
    const zones = at('usr', 'share', 'zoneinfo')
    expect(readdirSync(zones, { recursive: true }).sort()).toEqual([
      'Europe',
      'Europe/London',
      'GB',
      'zone.tab',
    ])
    expect(readFileSync(join(zones, 'GB'), 'utf8')).toBe('TZif2 Europe/London')
    expect(modeOf(join(zones, 'Europe'))).toBe(0o755)
    expect(lines?.map(line => line.split(':')[0]).sort()).toEqual([
      'left out Europe/Outside',
      'left out Lost',
    ])
    expect(existsSync(join(folder, '.create-base-image', 'zones'))).toBe(false)
  },
)

test.skipIf(!posix)('a folder without zones is refused, and the old zones stay', async () => {
  await putIn('tzdata', { from: zoneTree() })
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  await expect(putIn('tzdata', { from: empty })).rejects.toThrow('No time zones came')
  expect(existsSync(at('usr', 'share', 'zoneinfo', 'GB'))).toBe(true)
  expect(existsSync(join(folder, '.create-base-image', 'zones'))).toBe(false)
})

const unpack = (entries: readonly Made[], end = true) =>
  crafts['unpack-zones'](
    { folder: 'files/usr/share/zoneinfo' },
    context(Readable.from([madeTar(entries, end)])),
  )
const LONDON: Made = { path: './Europe/London', body: 'TZif2' }

test('zones are unpacked from a tar', async () => {
  const folders: Made[] = [
    { path: './', type: '5' },
    { path: './posix/', type: '5' },
  ]
  const { result } = await unpack([...folders, LONDON, { path: './posix/UTC', body: 'TZif2' }])
  expect(result).toBe('1 file')
  expect(read('usr', 'share', 'zoneinfo', 'Europe', 'London')).toBe('TZif2')
})

test.each([
  ['a path that leads out', [LONDON, { path: '../../../../evil', body: 'x' }], true],
  ['a link', [LONDON, { path: 'Europe', type: '2', link: '/etc' }], true],
  ['the same file twice', [LONDON, LONDON], true],
  ['no end', [LONDON], false],
  ['no zones', [{ path: 'zone.tab', body: 'x' }], true],
] as const)('a tar with %s puts nothing in', async (_, entries, end) => {
  await expect(unpack(entries, end)).rejects.toThrow()
  expect(existsSync(at('usr', 'share', 'zoneinfo'))).toBe(false)
  expect(readdirSync(folder)).not.toContain('evil')
})

test.skipIf(!posix)('an image holds what the person adds to files/, but no links', async () => {
  await putIn('user')
  writeFileSync(at('etc', 'motd'), 'hello')
  writeFileSync(at('tool'), '')
  chmodSync(at('tool'), 0o700)
  const found = await imageFiles(folder, ['hello'], 'files')
  expect(found.map(({ path, mode }) => [path, mode.toString(8)])).toEqual([
    ['hello', '755'],
    ['etc/group', '644'],
    ['etc/motd', '644'],
    ['etc/passwd', '644'],
    ['tool', '755'],
  ])
  symlinkSync('motd', at('etc', 'link'))
  await expect(imageFiles(folder, [], 'files')).rejects.toThrow('neither a file nor a folder')
})

test.skipIf(!posix)('nothing is written or removed through a link', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'))
  try {
    mkdirSync(at(), { recursive: true })
    symlinkSync(outside, at('etc'))
    symlinkSync(outside, at('usr'))
    writeFileSync(join(outside, 'passwd'), 'theirs')
    mkdirSync(join(outside, 'share', 'zoneinfo'), { recursive: true })
    for (const extra of ['user', 'ca-certificates'])
      await expect(putIn(extra)).rejects.toThrow('is a link')
    await expect(putIn('tzdata', { from: zoneTree() })).rejects.toThrow('is a link')
    expect(readdirSync(outside, { recursive: true }).sort()).toEqual([
      'passwd',
      'share',
      'share/zoneinfo',
    ])
    expect(readFileSync(join(outside, 'passwd'), 'utf8')).toBe('theirs')
  } finally {
    rmSync(outside, { recursive: true })
  }
})

test.skipIf(!posix)('a file that is a link is not replaced', async () => {
  mkdirSync(at('etc'), { recursive: true })
  symlinkSync('nowhere', at('etc', 'passwd'))
  await expect(putIn('user')).rejects.toThrow('is a link')
})

test.skipIf(!posix)('zones are collected in no folder that is a link', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'))
  try {
    writeFileSync(join(outside, 'theirs'), '')
    mkdirSync(join(folder, '.create-base-image'))
    symlinkSync(outside, join(folder, '.create-base-image/zones'))
    await expect(unpack([LONDON])).rejects.toThrow('is a link')
    expect(readdirSync(outside)).toEqual(['theirs'])
  } finally {
    rmSync(outside, { recursive: true })
  }
})

test('what is far more than zones are is refused', async () => {
  const many = Array.from({ length: 20_001 }, (_, at): Made => ({ path: `Z/${at}` }))
  await expect(unpack(many)).rejects.toThrow('is more than zones are')
  expect(readdirSync(folder)).not.toContain('files')
})

test('without a tar there is none to read', async () => {
  await expect(
    crafts['unpack-zones']({ folder: 'files/usr/share/zoneinfo' }, context()),
  ).rejects.toMatchObject({
    code: 'bad-tar',
    message: "The time zones came as a tar that can't be read: nothing is connected to it.",
  })
})

test('more bytes than zones have are not read', async () => {
  const claim = (bytes: number) =>
    crafts['unpack-zones'](
      { folder: 'files/usr/share/zoneinfo' },
      context(Readable.from([tarClaiming('Europe/London', bytes)])),
    )
  await expect(claim(200_000_001)).rejects.toThrow('is more than zones are')
  await expect(claim(200_000_000)).rejects.not.toThrow('is more than zones are')
})

test('what is put in is told, and what the person changed', async () => {
  expect((await putIn('user')).result).toBe('root and nonroot')
  expect(await putIn('ca-certificates')).toEqual({
    lines: [],
    result: `${rootCertificates.length} certificates, Mozilla's list in Node ${process.versions.node}`,
  })
  writeFileSync(at(...BUNDLE), 'mine')
  const kept = `kept your files/${BUNDLE.join('/')}`
  expect(await putIn('ca-certificates')).toEqual({ lines: [kept], result: kept })
})

test.skipIf(!posix)(
  'zones that were unpacked are for all to read, whatever the umask is',
  async () => {
    const before = process.umask(0o077)
    try {
      await unpack([LONDON, { path: 'right/UTC', body: 'x' }, { path: 'UTC', body: 'TZif2' }])
    } finally {
      process.umask(before)
    }
    const zones = ['', '/Europe', '/Europe/London', '/UTC'].map(path =>
      modeOf(`${at('usr', 'share', 'zoneinfo')}${path}`).toString(8),
    )
    expect(zones).toEqual(['755', '755', '644', '644'])
    expect(existsSync(at('usr/share/zoneinfo/right'))).toBe(false)
  },
)

test('a stop while zones are collected leaves the old ones', async () => {
  await unpack([LONDON])
  const stop = new AbortController()
  const tar = Readable.from([madeTar([{ ...LONDON, body: 'TZif3' }])])
  tar.on('end', () => stop.abort('SIGINT'))
  await expect(
    crafts['unpack-zones'](
      { folder: 'files/usr/share/zoneinfo' },
      { ...context(tar), signal: AbortSignal.abort('SIGINT') },
    ),
  ).rejects.toBe('SIGINT')
  expect(read('usr', 'share', 'zoneinfo', 'Europe', 'London')).toBe('TZif2')
})

test.skipIf(!posix)('zones take the place of no link', async () => {
  mkdirSync(at('usr/share'), { recursive: true })
  mkdirSync(join(folder, 'theirs'))
  symlinkSync(join(folder, 'theirs'), at('usr/share/zoneinfo'))
  await expect(unpack([LONDON])).rejects.toMatchObject({ code: 'link' })
  expect(lstatSync(at('usr/share/zoneinfo')).isSymbolicLink()).toBe(true)
})
