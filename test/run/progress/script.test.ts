import { expect, test } from 'vitest'
import { findRemedy } from '../../../src/engine/remedies.ts'
import { scriptReader } from '../../../src/run/progress/script.ts'
import { byteByByte, err, replay } from './replay.ts'

const SAID = [
  'M: https://mirror.example/alpine',
  'T: bootstrap v3.20',
  'fetch https://mirror.example/alpine/v3.20/main/x86_64/APKINDEX.tar.gz',
  'P: 0 8787885 bytes',
  '(1/15) Installing alpine-baselayout-data (3.6.5-r0)',
  'P: 4393942 8787885 bytes',
  'P: 8787885 8787885 bytes',
  'OK: 8 MiB in 15 packages',
  'Z: 7989269 as apk made it',
  'T: remove caches, old copies and stand-ins',
  'Z: 7791209 without caches and traces',
  '',
].join('\n')

test('a script’s notes are told, its progress counts, all else is the tool’s own', () => {
  const { lines, progress } = replay(scriptReader(), [err(SAID)])
  expect(lines).toContain('The packages come from https://mirror.example/alpine')
  expect(lines).toContain('(1/15) Installing alpine-baselayout-data (3.6.5-r0)')
  expect(lines.some(line => line.startsWith('P:'))).toBe(false)
  expect(progress.at(-1)).toMatchObject({ done: 8787885, total: 8787885, unit: 'bytes' })
  expect(lines.at(-1)).toMatch(/^7\.8 MB after: without caches and traces \(/)
})

test('it reads the same wherever it is cut', () => {
  const whole = replay(scriptReader(), [err(SAID)])
  const cut = replay(scriptReader(), byteByByte([err(SAID)]))
  expect(cut.lines).toEqual(whole.lines)
  expect(cut.progress.at(-1)).toEqual(whole.progress.at(-1))
})

test.each([
  ['NOPACKAGE', 'The release has no package %s', 'bahs', 'package-unknown'],
  [
    'PACKAGEGONE',
    'The mirror’s index names a package that it does not have: %s',
    'a-1',
    'package-gone',
  ],
  ['PACKAGEBAD', 'The package %s is not the one that the index promises', 'a-1', 'package-damaged'],
  ['SCRIPT', "A package's script failed: %s", 'busybox-1.36', 'package-script'],
  ['WRONGRELEASE', "The mirror's v3.20 is Alpine %s", '3.21.0', 'release-wrong'],
  ['NOANSWER', 'No answer from %s', 'http://mirror.example', 'archive-unreachable'],
  ['NOSUITE', 'The mirror has no release %s', 'v3.99', 'archive-no-suite'],
  [
    'UNKNOWNRELSIG',
    'The index of %s is not signed',
    'http://mirror.example',
    'archive-unknown-key',
  ],
  ['PORTAL', 'What %s answers is no index of packages', 'http://m.example', 'archive-portal'],
])('the failure %s is told in words, and has a remedy', (code, format, subject, remedy) => {
  const { lines } = replay(scriptReader(), [err(`E: ${code}\nEA: ${subject}\nEF: ${format}\n`)])
  expect(lines).toEqual([`E: ${format.replace('%s', subject)} (E: ${code})`])
  expect(findRemedy(lines.join('\n'), { platform: 'linux', builderStep: true })?.code).toBe(remedy)
})

test('a failure that is cut off before its words is told by its name and values', () => {
  expect(replay(scriptReader(), [err('E: NOGETREL\nEA: http://mirror.example/')]).lines).toEqual([
    'E: http://mirror.example/ (E: NOGETREL)',
  ])
})
