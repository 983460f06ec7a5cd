import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Plan } from '../../src/plan/types.ts'
import type { RunContext } from '../../src/run/context.ts'
import { measure, outcomeOf } from '../../src/run/outcome.ts'
import { facts } from '../plan/minimal/inputs.ts'
import { room } from '../oci/room.ts'

const PLAN = {
  image: { reference: 'hello', arch: 'amd64', archive: null },
  directory: '/project',
  proof: { how: 'it ran' },
  contents: null,
  next: [['docker', 'run', '--rm', 'hello']],
  nextOfServer: null,
  page: ['by hand'],
}

/** The outcome of a run whose steps learnt these values. */
const outcome = (
  values: Record<string, string> = {},
  plan: object = {},
  change: Partial<RunContext> = {},
) =>
  outcomeOf(
    {
      plan: { ...PLAN, ...plan } as unknown as Plan,
      facts: facts(),
      values: new Map(Object.entries(values)),
      sizeHistory: [],
      hints: [],
      printed: [],
      proofNote: null,
      unproven: null,
      serves: false,
      replaced: null,
      sizes: null,
      ...change,
    } as unknown as RunContext,
    1.5,
  )

test('of an image that was not measured and tells of no packages it says no more than it knows', async () => {
  expect(await outcome()).toEqual({
    type: 'outcome',
    image: 'hello',
    id: '',
    platform: 'linux/amd64',
    uncompressedBytes: 0,
    compressedBytes: null,
    sizes: [],
    proof: 'it ran',
    hints: [],
    proven: true,
    printed: '',
    files: ['/project'],
    seconds: 1.5,
    next: ['docker run --rm hello'],
  })
})

test('what the steps learnt of the image is told', async () => {
  const learnt = {
    'image.id': 'sha256:1',
    'image.index': 'sha256:2',
    'pushed.digest': 'sha256:3',
    'files.bytes': '3000',
    'image.compressed': '1000',
  }
  const image = {
    reference: 'hello',
    arch: 'amd64',
    archs: ['amd64', 'arm64'],
    archive: '/hello.tar',
    pushed: 'registry.example/hello',
  }
  expect(await outcome(learnt, { image })).toMatchObject({
    id: 'sha256:1',
    index: 'sha256:2',
    pushed: 'registry.example/hello',
    pushedDigest: 'sha256:3',
    platform: 'linux/amd64, linux/arm64',
    uncompressedBytes: 3000,
    compressedBytes: 1000,
    files: ['/project', '/hello.tar'],
  })
})

const PACKAGES = {
  'packages.total': '90',
  'packages.newer': '2',
  'packages.date': '2026-11-01',
  'packages.missing': '',
  'packages.unrun': '',
}

test('packages are counted, with what could not be looked for, is missing, or did not run', async () => {
  const plain = await outcome(PACKAGES, { page: [] })
  expect(plain.packages).toEqual({ total: 90, newer: 2, date: '2026-11-01', missing: [] })
  expect(plain).not.toHaveProperty('same')
  expect(plain).not.toHaveProperty('page')
  const full = await outcome({
    ...PACKAGES,
    'packages.unasked': 'No index.',
    'packages.missing': 'bookworm-updates bookworm-security',
    'packages.unrun': 'ca-certificates tzdata',
    'image.config': 'sha256:4',
  })
  expect(full).toMatchObject({ same: 'sha256:4', page: ['by hand'] })
  expect(full.packages).toEqual({
    total: 90,
    newer: 2,
    date: '2026-11-01',
    unasked: 'No index.',
    missing: ['bookworm-updates', 'bookworm-security'],
    unrun: ['ca-certificates', 'tzdata'],
  })
  expect(await outcome({ ...PACKAGES, 'packages.total': '0' })).not.toHaveProperty('packages')
})

test('how it was proven is told with how the program ended, or why it was not', async () => {
  const proof = async (plan: object, change: Partial<RunContext>) => {
    const told = await outcome({}, plan, change)
    return [told.proof, told.proven]
  }
  expect(await proof({}, { proofNote: 'it serves' })).toEqual(['it ran; it serves', true])
  expect(await proof({}, { unproven: 'no emulator', proofNote: 'x' })).toEqual([
    'no emulator',
    false,
  ])
  expect(await proof({ proof: { whyNot: 'no engine' } }, {})).toEqual(['no engine', false])
})

test('of a program that serves the next commands are others, where there are others', async () => {
  const nextOfServer = [['docker', 'run', '--publish', '80:80', 'hello']]
  const next = async (plan: object, serves: boolean) =>
    (await outcome({}, plan, { serves })).next.join()
  expect(await next({ nextOfServer }, true)).toBe('docker run --publish 80:80 hello')
  expect(await next({ nextOfServer }, false)).toBe('docker run --rm hello')
  expect(await next({}, true)).toBe('docker run --rm hello')
})

test('an image that lost its name is told with the command that removes it', async () => {
  const replaced = { id: 'sha256:5', bytes: 77 }
  expect((await outcome({}, {}, { replaced })).replaced).toEqual({
    ...replaced,
    remove: 'docker rmi sha256:5',
  })
})

test('what goes into the image is measured, and what a run measured before counts', async () => {
  const directory = await room()
  mkdirSync(join(directory, 'files'))
  writeFileSync(join(directory, 'hello'), 'a'.repeat(5000))
  writeFileSync(join(directory, 'files/more'), 'b'.repeat(300))
  const values = new Map<string, string>()
  const plan = { ...PLAN, contents: { files: ['hello'], tree: 'files', readyAfter: 'x' } }
  const context = { plan, project: { directory }, values } as unknown as RunContext
  const sizes = (await measure(context))!
  expect(values.get('files.bytes')).toBe('5300')
  expect(sizes.compressedBytes).toBeGreaterThan(0)
  expect(sizes.compressedBytes).toBeLessThan(1000)
  const told = await outcome({ 'image.compressed': '9' }, {}, { sizes: Promise.resolve(sizes) })
  expect(told.compressedBytes).toBe(sizes.compressedBytes)
  expect(await measure({ ...context, plan: { ...plan, contents: null } } as never)).toBeNull()
})
