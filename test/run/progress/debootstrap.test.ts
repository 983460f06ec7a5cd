import { expect, test } from 'vitest'
import { PACKAGE_ROWS } from '../../../src/engine/remedies/package-rows.ts'
import { debootstrapReader } from '../../../src/run/progress/debootstrap.ts'
import type { Reading } from '../../../src/run/progress/reader.ts'
import { readTranscript } from '../../fixtures/transcript.ts'
import { byteByByte, err, mutated, out, randomCuts, replay, seeded } from './replay.ts'
import type { Piece } from './replay.ts'

const WHOLE = [
  'debootstrap-debian-installer-focal',
  'debootstrap-di-pipeline',
  'debootstrap-di-bookworm',
  'debootstrap-di-bookworm-standard',
]
const NAMES = [
  ...WHOLE,
  'debootstrap-debian-installer-fd3',
  'err-debootstrap-di',
  'err-debootstrap-di-mknod',
]

const readings = (pieces: readonly Piece[]): Reading[] => {
  const reader = debootstrapReader()
  const all = pieces.flatMap(({ bytes, source }) => reader.read(bytes, source))
  return [...all, ...reader.end()]
}

const logged = (text: string): readonly string[] => replay(debootstrapReader(), [err(text)]).lines

const fractions = (pieces: readonly Piece[]): number[] =>
  replay(debootstrapReader(), pieces).progress.map(({ fraction = 0 }) => fraction)

const expectRising = (values: readonly number[]): void => {
  expect(values.filter((value, index) => value < (values[index - 1] ?? 0))).toEqual([])
  expect(values.filter(value => !(value >= 0 && value <= 1))).toEqual([])
}

test.each(NAMES)('%s reads the same wherever it is cut', name => {
  const { chunks } = readTranscript(name)
  const wanted = replay(debootstrapReader(), chunks)
  const random = seeded(7)
  const cuts = [byteByByte(chunks), ...[1, 2, 3].map(() => randomCuts(chunks, random))]
  for (const pieces of cuts) {
    const got = replay(debootstrapReader(), pieces)
    expect(got.lines).toEqual(wanted.lines)
    expect(got.last).toEqual(wanted.last)
    expectRising(got.progress.map(({ fraction = 0 }) => fraction))
    expect(got.progress.filter(({ done = 0, total = 0 }) => done > total || done < 0)).toEqual([])
  }
})

test.each(NAMES)('%s broken at random breaks no promise', name => {
  for (let seed = 0; seed < 5; seed += 1) {
    const random = seeded(seed)
    expectRising(fractions(mutated(randomCuts(readTranscript(name).chunks, random), random)))
  }
})

test.each(WHOLE)('%s ends complete and logs nothing of the protocol', name => {
  const { lines, last } = replay(debootstrapReader(), readTranscript(name).chunks)
  expect(last).toEqual({ fraction: 1 })
  expect(lines.filter(line => /^P[AF]?:|^[IWE][AF]:|^[IWE]: [A-Z_]+$|%s/.test(line))).toEqual([])
  expect(lines).toContain('I: Retrieving InRelease')
  expect(lines).toContain('I: Base system installed successfully.')
})

// The largest differences that the comment in debootstrap-phases.ts speaks of, one recording each.
test.each([
  ['debootstrap-debian-installer-focal', 0.2],
  ['debootstrap-di-pipeline', 0.12],
  ['debootstrap-di-bookworm-standard', 0.12],
  ['debootstrap-di-bookworm', 0.1],
])('the bar of %s is never further than %d from the time', (name, most) => {
  expect(largestError(name)).toBeLessThanOrEqual(most)
})

test('phases that do not occur leave no gap: without base packages the bar does not jump', () => {
  const values = fractions(readTranscript('debootstrap-di-bookworm').chunks)
  const jumps = values.map((value, index) => value - (values[index - 1] ?? 0))
  expect(Math.max(...jumps)).toBeLessThan(0.06)
})

test('downloads are counted in bytes, packages in packages', () => {
  const { progress } = replay(debootstrapReader(), readTranscript('debootstrap-di-pipeline').chunks)
  const textOf = (unit: string) => progress.filter(each => each.unit === unit)
  expect(textOf('bytes').at(-1)).toMatchObject({ done: 22579968, total: 22579968 })
  expect(textOf('bytes').map(each => each.text)).toContain('Retrieving adduser 3.118ubuntu2')
  expect(textOf('bytes').some(each => each.text?.startsWith('Validating'))).toBe(false)
  expect(textOf('packages')[0]).toMatchObject({ done: 1, total: 75 })
  expect(textOf('packages').map(each => each.text)).toContain('Unpacking libpam-modules')
  expect(textOf('packages').map(each => each.text)).toContain('Configuring libc-bin')
})

test('packages that debootstrap installs before the others without counting them are counted', () => {
  const { progress } = replay(
    debootstrapReader(),
    readTranscript('debootstrap-di-bookworm-standard').chunks,
  )
  const systemd = progress.find(each => each.text === 'Unpacking systemd')
  expect(systemd).toMatchObject({ done: 11, total: 68, unit: 'packages' })
})

test('formats are filled as debootstrap does it for people', () => {
  expect(logged('I: RETRIEVING\nIA: apt\nIA: 2.0.2\nIF: Retrieving %s %s\n')).toEqual([
    'I: Retrieving apt 2.0.2',
  ])
  expect(logged('I: A\nIA: 50%s\nIA: rest\nIF: %s of 100%%\n')).toEqual(['I: 50%s of 100% rest'])
  expect(logged('W: KEYRING\nWA: /k.gpg\nWF: keyring file not available %s\n')).toEqual([
    'W: keyring file not available /k.gpg',
  ])
  expect(logged('I: A\nIF: one\\n   two\n')).toEqual(['I: one', '   two'])
})

test('an error keeps its name, and the bar stays where it is', () => {
  const { chunks } = readTranscript('err-debootstrap-di')
  const { lines, last } = replay(debootstrapReader(), chunks)
  expect(lines.at(-1)).toBe(
    'E: Failed getting release file http://no-such-host.invalid/ubuntu/dists/focal/Release (E: NOGETREL)',
  )
  expect(last?.fraction).toBe(0)
  expect(replay(debootstrapReader(), readTranscript('err-debootstrap-di-mknod').chunks)).toEqual({
    lines: [
      'mknod: /r/test-dev-null: Operation not permitted',
      "E: Cannot install into target '/r' mounted with noexec or nodev (E: NOEXEC)",
    ],
    progress: [],
    last: null,
  })
})

test.each([
  ['NOGETREL', 'Failed getting release file %s', 'URL', 'debootstrap-mirror', 'URL'],
  ['COULDNTDL', "Couldn't download %s", 'URL', 'debootstrap-download', undefined],
  ['COULDNTDLPKGS', "Couldn't download packages: %s", 'apt', 'debootstrap-download', undefined],
  ['NOSCRIPT', 'No such script: %s', '/scripts/noble', 'debootstrap-unknown-release', 'noble'],
  ['MISSINGRELENTRY', 'Invalid Release file, no entry for %s', 'x', 'debootstrap-no-arch', 'x'],
  ['UNKNOWNRELSIG', 'Release signed by unknown key (key id %s)', 'A', 'apt-key', undefined],
])('the remedies know what %s becomes', (name, format, value, code, found) => {
  const text = logged(`E: ${name}\nEA: ${value}\nEF: ${format}\n`).join('\n')
  const row = PACKAGE_ROWS.find(({ when }) => when?.test(text))
  expect(row?.code).toBe(code)
  expect(row?.when?.exec(text)?.slice(1).find(Boolean)).toBe(found)
})

test('an error after all went well keeps the bar from the end', () => {
  const made = 'I: BASESUCCESS\nIF: Base system installed successfully.\n'
  expect(fractions([err(`P: 0 1 DOWNREL\n${made}`)]).at(-1)).toBe(1)
  expect(fractions([err(`P: 0 1 DOWNREL\n${made}E: A\nEF: no\n`)]).at(-1)).toBe(0.98)
  expect(fractions([err(`P: 0 1 DOWNREL\n${made}E: no space\n`)]).at(-1)).toBe(0.98)
})

test('lines of other programs may come between the parts of a message; a cut message is not lost', () => {
  expect(logged('I: A\nIA: x\ndpkg: a warning\nIF: words %s\n')).toEqual([
    'dpkg: a warning',
    'I: words x',
  ])
  expect(logged('E: NOGETREL\nEA: http://mirror.example/\n')).toEqual([
    'E: http://mirror.example/ (E: NOGETREL)',
  ])
  expect(logged('E: NOEXEC\nI: A\nIF: b\n')).toEqual(['E: NOEXEC', 'I: b'])
  expect(logged('IF: alone\nE: Unable to locate package x\nI: A\nWF: other\nIF: a\n')).toEqual([
    'IF: alone',
    'E: Unable to locate package x',
    'WF: other',
    'I: a',
  ])
})

test('notes of our script: sizes with what changed, the bytes to come, what it does', () => {
  const text =
    'Z: 172000000 debootstrap\r\nZ: 121500000 package lists removed\nZ: 121500000\nS: 87275520\n'
  expect(readings([err(text)])).toEqual([
    { kind: 'line', text: '172 MB after: debootstrap' },
    { kind: 'size', bytes: 172000000, after: 'debootstrap' },
    { kind: 'line', text: '122 MB after: package lists removed (50.5 MB less)' },
    { kind: 'size', bytes: 121500000, after: 'package lists removed' },
    { kind: 'line', text: '122 MB (no change)' },
    { kind: 'size', bytes: 121500000, after: '' },
    { kind: 'line', text: 'The tar will have 87.3 MB.' },
  ])
  expect(readings([err('T: removing package lists\n')])).toEqual([
    { kind: 'line', text: 'removing package lists' },
    { kind: 'progress', progress: { fraction: 0, text: 'removing package lists' } },
  ])
})

test('the clean-up moves the bar, and only the end makes it complete', () => {
  const values = fractions([
    err('I: BASESUCCESS\nIF: done\n'),
    ...[5, 4, 3].map(bytes => err(`Z: ${bytes} rule\n`)),
  ])
  expect(values).toEqual([0.98, 0.985, 0.9887, 0.9915, 1])
})

test('numbers that are none are log lines or nothing at all', () => {
  expect(logged('Z: -5 x\nZ: 1234567890123456 x\nS: 1e3\nS: -1\nT:\nZ: \n')).toEqual([
    'Z: -5 x',
    'Z: 1234567890123456 x',
    'S: 1e3',
    'S: -1',
    'T:',
    'Z: ',
  ])
  const absurd = [
    'P: -5 100 DOWNREL',
    'P: 7 -1 DOWNDEBS',
    'P: 3 0',
    'P: 999999999999999 999999999999999 SIZEDEBS',
    'P: 1 999999999999999 EXTRACTPKGS',
    'P: 99999999999999999999 1',
    'P: x y',
    'PF:',
    'P: 5 5 NEVERHEARD',
    'P: 200 100 CONFREQ',
  ]
  const { lines, progress } = replay(
    debootstrapReader(),
    absurd.map(line => err(`${line}\n`)),
  )
  expect(lines).toEqual([])
  expectRising(progress.map(({ fraction = NaN }) => fraction))
  expect(progress.at(-1)).toMatchObject({ done: 100, total: 100 })
})

test('both streams are read', () => {
  expect(fractions([out('P: 50 100 DOWNREL\n'), err('gpgv: good\n')]).at(-1)).toBeGreaterThan(0)
})

test('100,000 lines do not stall it', () => {
  const line =
    'P: 5 100 DOWNDEBS\nI: UNPACKING\nIA: libc6:amd64\nIF: Unpacking %s...\nplain words\n'
  const began = performance.now()
  const { lines } = replay(debootstrapReader(), Array(2000).fill(err(line.repeat(10))))
  expect(lines).toHaveLength(40_000)
  expect(performance.now() - began).toBeLessThan(2500)
})

/** The largest difference between the bar, without the clean-up, and the share of the time that had passed. */
const largestError = (name: string): number => {
  const { chunks } = readTranscript(name)
  const from = chunks.find(({ bytes }) => bytes[0] === 'P'.charCodeAt(0))?.seconds ?? 0
  const reader = debootstrapReader()
  const points = chunks.map(({ bytes, source, seconds }) => {
    const told = reader.read(bytes, source).at(-1)
    return { seconds, fraction: told?.kind === 'progress' ? told.progress.fraction : undefined }
  })
  const to = points.find(({ fraction = 0 }) => fraction >= 0.98)?.seconds ?? NaN
  let fraction = 0
  let most = 0
  for (const point of points.filter(({ seconds }) => seconds >= from && seconds <= to)) {
    const passed = (point.seconds - from) / (to - from)
    most = Math.max(most, Math.abs(passed - fraction / 0.98))
    fraction = point.fraction ?? fraction
    most = Math.max(most, Math.abs(passed - fraction / 0.98))
  }
  return most
}

test('what only holds the parts of a message, or more than a count, is none', () => {
  expect(logged('I: A\nx IA: y\nIA: z\nx IF: w\nIF: words %s\n')).toEqual([
    'x IA: y',
    'x IF: w',
    'I: words z',
  ])
  for (const line of ['P: 50 100 DOWNREL x', 'P: 50 100 Downrel', 'P: 50'])
    expect(fractions([err(`${line}\n`)]), line).toEqual([])
})
