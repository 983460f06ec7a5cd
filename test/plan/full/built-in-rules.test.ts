import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseFlags } from '../../../src/ask/flags.ts'
import { givenBy } from '../../../src/ask/given.ts'
import type { CraftStage, Plan } from '../../../src/plan/types.ts'
import { planFor } from '../../../src/plan/plan.ts'
import { facts, full } from '../minimal/inputs.ts'
import { ids, stepOf } from './inputs.ts'

const folder = mkdtempSync(join(tmpdir(), 'own-way-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A file of sources, as a person brings it. */
const MINE = join(folder, 'mine')
writeFileSync(MINE, 'Types: deb\n')

/** The plan of a command line by the way that is taken when none is named. */
const usual = (...argv: string[]): Plan => planFor(full(...argv), facts())

const inputOf = (plan: Plan): CraftStage['input'] =>
  (stepOf(plan, 'make').pipeline[0] as CraftStage).input

test('a snapshot, a lock and no updates reach the craft, and what is shown', () => {
  const plan = usual('--release=bookworm', '--snapshot=2026-07-01', '--no-updates')
  expect(inputOf(plan)).toMatchObject({
    snapshot: '20260701T000000Z',
    updates: false,
    locked: null,
  })
  expect(plan.keeps).toEqual(['packages.lock', 'sbom.spdx.json', 'sbom.cdx.json'])
  const locked = usual('--release=bookworm', '--locked=/home/ada/packages.lock')
  expect(inputOf(locked)).toMatchObject({ locked: `${locked.directory}/packages.lock` })
  expect(stepOf(locked, 'index').title).toBe('Read packages.lock')
  // It is what was given.
  expect(locked.keeps).not.toContain('packages.lock')
})

test('a lock or a snapshot of a release that has ended is made by ourselves', () => {
  expect(ids(usual('--release=buster'))).not.toContain('make')
  expect(ids(usual('--release=buster', '--locked=/a'))).toContain('make')
  expect(ids(usual('--release=buster', '--snapshot=2021-01-01'))).toContain('make')
})

test.each([
  [['--release=bookworm', '--bootstrap=debootstrap', '--snapshot=2026-07-01'], '--snapshot'],
  [['--release=bookworm', '--builder=debian:trixie-slim', '--locked=/a'], '--locked'],
  [['--release=bookworm', '--bootstrap=debootstrap', '--offline'], '--offline'],
  [['--distro=alpine', '--bootstrap=container', '--offline'], '--offline'],
  [
    ['--release=bookworm', '--bootstrap=container', `--sources=${MINE}`],
    '--sources is for images that',
  ],
  [['--distro=alpine', `--sources=${MINE}`], '--sources is for Debian and Ubuntu'],
  [
    ['--release=bookworm', `--sources=${MINE}`, '--mirror=http://m.test/d'],
    'so --mirror has no meaning',
  ],
  [
    ['--release=bookworm', `--sources=${MINE}`, '--snapshot=2026-07-01'],
    'so --snapshot has no meaning',
  ],
  [['--release=bookworm', `--sources=${MINE}`, '--no-updates'], 'so --no-updates has no meaning'],
  [['--distro=alpine', '--updates'], '--updates is for Debian and Ubuntu'],
  [['--distro=alpine', '--snapshot=2026-07-01'], '--snapshot is for Debian and Ubuntu'],
  [['--distro=alpine', '--no-updates'], '--no-updates is for Debian and Ubuntu'],
])('%j is refused', (argv, message) => {
  expect(() => usual(...argv)).toThrow(message)
})

test('--sources reaches the crafts, the folder and what is shown; no script of debootstrap stands in for it', () => {
  const plan = usual('--release=bookworm', `--sources=${MINE}`)
  for (const id of ['index', 'make'])
    expect((stepOf(plan, id).pipeline[0] as CraftStage).input).toMatchObject({
      sources: MINE,
      near: null,
    })
  expect(stepOf(plan, 'make').pipeline[0]).toMatchObject({
    shown: expect.arrayContaining(['--sources', 'sources/mine.sources']) as unknown,
  })
  expect(plan.answers).toMatchObject({ sources: './sources/mine.sources' })
  expect(plan.commandLine.flags).toMatchObject({ sources: MINE })
  expect(stepOf(plan, 'name').inputs).toContain('sources/mine.sources')
  const files = (stepOf(plan, 'files').pipeline[0] as CraftStage<'write-project'>).input.files as {
    file: string
    text?: string
  }[]
  expect(files).toContainEqual(
    expect.objectContaining({ file: 'sources/mine.sources', sourcesOf: MINE }),
  )
  expect(files.map(({ file }) => file)).not.toContain('bootstrap.sh')
  expect(files.find(({ file }) => file === 'build.sh')!.text).toContain('create-base-image')
  // An archive that has left keeps its keys in the file.
  expect(ids(usual('--release=buster', `--sources=${MINE}`))).toContain('make')
  expect(ids(usual('--release=bookworm', `--sources=${MINE}`, '--teach'))).toContain('make')
})

test('--offline reaches the crafts and what is shown, and no script', () => {
  const plan = usual('--release=bookworm', '--offline')
  for (const id of ['index', 'make'])
    expect((stepOf(plan, id).pipeline[0] as CraftStage).input).toMatchObject({ offline: true })
  expect(stepOf(plan, 'make').pipeline[0]).toMatchObject({
    shown: expect.arrayContaining(['--offline']) as unknown,
  })
  expect(plan.commandLine.flags).toMatchObject({ offline: '' })
  expect(inputOf(usual('--distro=alpine', '--bootstrap=built-in', '--offline'))).toMatchObject({
    offline: true,
  })
  // The records of earlier runs stay true.
  expect(inputOf(usual('--release=bookworm'))).not.toHaveProperty('offline')
  expect(() => givenBy(parseFlags(['--program=raw', '--offline']), '/home/ada')).toThrow(
    'a minimal image has none',
  )
})

test.each<readonly [string, string[], boolean]>([
  ['a builder of one’s own', ['--release=bookworm', '--builder=debian:trixie-slim'], true],
  ['a container', ['--release=bookworm', '--bootstrap=container'], true],
  ['what we hold no keys of', ['--distro=devuan'], true],
  ['the release alone', ['--release=bookworm', '--bootstrap=container', '--no-updates'], false],
  ['Docker’s page', ['--release=bookworm', '--bootstrap=debootstrap'], false],
  ['a lesson', ['--release=bookworm', '--teach'], false],
  ['Docker’s page, told to', ['--release=bookworm', '--bootstrap=debootstrap', '--updates'], true],
  ['what has ended, whose keys may have too', ['--release=buster'], false],
])('%s: debootstrap with the updates or without', (_, argv, expected) => {
  const step = stepOf(usual(...argv), 'bootstrap')
  expect(JSON.stringify(step.pipeline).includes('"--updates"')).toBe(expected)
  expect(step.why.includes('own apt installs')).toBe(expected)
})

test('no script of another family speaks of apt', () => {
  const readme = (...argv: string[]): string =>
    JSON.stringify(stepOf(usual(...argv), 'files').pipeline)
  expect(readme('--distro=alpine')).not.toContain('apt-get')
  expect(readme('--release=bookworm', '--bootstrap=debootstrap')).toContain('apt-get update')
})
