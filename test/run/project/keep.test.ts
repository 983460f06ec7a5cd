import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockText } from '../../../src/bootstrap/deb/lock.ts'
import type { RunContext } from '../../../src/run/context.ts'
import type { CraftContext } from '../../../src/run/crafts/craft.ts'
import { writeProject } from '../../../src/run/crafts/write-project.ts'
import { newRunId } from '../../../src/run/process/run-id.ts'
import { digestOf } from '../../../src/run/project/files.ts'
import { keepOf } from '../../../src/run/project/keep.ts'
import { unlock, type Project } from '../../../src/run/project/project.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keep-'))
  mkdirSync(join(directory, '.create-base-image/made'), { recursive: true })
})
afterEach(() => rmSync(directory, { recursive: true }))

const SUITE = {
  suite: 'focal',
  archive: 'http://mirror.example/ubuntu',
  role: 'release' as const,
  components: ['main'],
  date: '2026-11-28T00:00:00.000Z',
  sha256: 'a'.repeat(64),
}

const lockWith = (version: string): string =>
  lockText({
    lock: 1,
    distribution: 'ubuntu',
    codename: 'focal',
    architecture: 'amd64',
    variant: 'minbase',
    include: [],
    exclude: [],
    slim: false,
    keyring: null,
    own: null,
    epoch: 1,
    sources: [],
    newer: 0,
    suites: [SUITE],
    packages: [
      {
        name: 'bash',
        version,
        architecture: 'amd64',
        sha256: 'b'.repeat(64),
        size: 1,
        suite: 'focal',
        component: 'main',
        filename: 'pool/bash.deb',
        part: 'required',
        priority: '',
        section: '',
        installedBytes: 1,
      },
    ],
  })

/** What comes of keeping a lock of bash 2, in a folder of that kind, and the lock that is there then. */
const keep = async (kind: Project['kind'], written: Record<string, string> = {}) => {
  writeFileSync(join(directory, '.create-base-image/made/packages.lock'), lockWith('2'))
  const state = { version: 1, finished: true, answers: {}, written, steps: {} } as const
  const project: Project = { directory, kind, state, made: false, wasEmpty: false }
  const context = {
    plan: { keeps: ['packages.lock'] },
    project,
    hints: [],
  } as unknown as RunContext
  const { changes } = await keepOf(context)
  return {
    changes,
    hints: context.hints,
    lock: readFileSync(join(directory, 'packages.lock'), 'utf8'),
    names: readdirSync(directory).filter(name => !name.startsWith('.')),
  }
}

test('a lock that came by git takes the new packages, and what changed is told', async () => {
  writeFileSync(join(directory, 'packages.lock'), lockWith('1'))
  expect(await keep('new')).toEqual({
    changes: { newer: [{ name: 'bash', from: '1', to: '2' }], older: [], added: [], removed: [] },
    hints: [],
    lock: lockWith('2'),
    names: ['packages.lock'],
  })
})

test('one of other answers is no image before this one', async () => {
  writeFileSync(join(directory, 'packages.lock'), lockWith('1'))
  expect(await keep('replaced')).toMatchObject({ changes: undefined, names: ['packages.lock'] })
})

test("a person's own file of that name stays, and that is told", async () => {
  writeFileSync(join(directory, 'packages.lock'), 'mine')
  expect(await keep('resumed')).toMatchObject({
    changes: undefined,
    hints: ['packages.lock stays as you changed it.'],
    lock: 'mine',
  })
})

test('the same packages are no change', async () => {
  writeFileSync(join(directory, 'packages.lock'), lockWith('2'))
  expect(await keep('resumed')).toMatchObject({ changes: undefined, hints: [] })
})

test('what told of an image that another one replaces goes away once that is proven, and what a person changed is kept beside', async () => {
  const FILES = ['packages.lock', 'sbom.spdx.json', 'sbom.cdx.json']
  for (const file of FILES) writeFileSync(join(directory, file), file)
  const written = Object.fromEntries(FILES.map(file => [file, digestOf(file)]))
  writeFileSync(join(directory, 'sbom.cdx.json'), 'mine')
  const state = { version: 1, finished: true, answers: {}, written, steps: {} } as const
  const project: Project = { directory, kind: 'replaced', state, made: false, wasEmpty: false }
  const runId = newRunId()
  const craft = { project, runId } as unknown as CraftContext
  await writeProject({ files: [], shown: 'project' }, craft)
  unlock(project)
  const names = () => readdirSync(directory).filter(name => !name.startsWith('.'))
  expect(names().toSorted()).toEqual(FILES.toSorted())
  const plan = { keeps: ['sbom.spdx.json'], answers: {} }
  await keepOf({ plan, project, hints: [] } as unknown as RunContext)
  expect(names().toSorted()).toEqual(['sbom.cdx.json.old', 'sbom.spdx.json'])
  expect(Object.keys(project.state.written)).toEqual(['sbom.spdx.json'])
})

test('a lock that the image is made by stays', async () => {
  writeFileSync(join(directory, 'packages.lock'), 'the lock')
  const written = { 'packages.lock': digestOf('the lock') }
  const state = { version: 1, finished: true, answers: {}, written, steps: {} } as const
  const project: Project = { directory, kind: 'resumed', state, made: false, wasEmpty: false }
  const plan = { keeps: [], answers: { locked: './packages.lock' } }
  await keepOf({ plan, project, hints: [] } as unknown as RunContext)
  expect(readFileSync(join(directory, 'packages.lock'), 'utf8')).toBe('the lock')
})

/** What comes of keeping these files in a folder where these stand already. */
const keepAll = async (
  keeps: readonly string[],
  made: Record<string, string>,
  there: Record<string, string> = {},
) => {
  for (const [name, text] of Object.entries(made))
    writeFileSync(join(directory, '.create-base-image/made', name), text)
  for (const [name, text] of Object.entries(there)) writeFileSync(join(directory, name), text)
  const state = { version: 1, finished: true, answers: {}, written: {}, steps: {} } as const
  const project: Project = { directory, kind: 'resumed', state, made: false, wasEmpty: false }
  const context = {
    plan: { keeps, answers: {} },
    project,
    hints: ['before'],
  } as unknown as RunContext
  const { changes } = await keepOf(context)
  return { changes, hints: context.hints, written: project.state.written }
}

const SPDX = 'sbom.spdx.json'

test('lists that are ours by what they say of themselves take what is new, others stay', async () => {
  const ours = await keepAll(
    [SPDX],
    { [SPDX]: 'new' },
    { [SPDX]: '{"creators":["create-base-image"]}' },
  )
  expect(ours.hints).toEqual(['before'])
  expect(ours.written).toEqual({ [SPDX]: digestOf('new') })
  expect(readFileSync(join(directory, SPDX), 'utf8')).toBe('new')
  const other = await keepAll([SPDX], { [SPDX]: 'newer' }, { [SPDX]: 'of somebody' })
  expect(other.hints).toEqual(['before', `${SPDX} stays as you changed it.`])
  expect(readFileSync(join(directory, SPDX), 'utf8')).toBe('of somebody')
})

test('what no step has made is not kept, and takes nothing away', async () => {
  const { hints, written } = await keepAll([SPDX, 'packages.lock'], {})
  expect([hints, written]).toEqual([['before'], {}])
  expect(readdirSync(directory)).toEqual(['.create-base-image'])
})

test('what can not be written is told, and the image stays made', async () => {
  mkdirSync(join(directory, SPDX))
  const { changes, hints } = await keepAll([SPDX, 'b'], { [SPDX]: 'new' })
  expect(changes).toBeUndefined()
  expect(hints).toEqual(['before', `${SPDX}, b could not be written.`])
})

test('a lock that the person has spoilt is no image to compare with', async () => {
  const lock = { 'packages.lock': lockWith('2') }
  const spoilt = lockWith('1').replace('"packages"', '"package"')
  expect(await keepAll(['packages.lock'], lock, { 'packages.lock': spoilt })).toMatchObject({
    changes: undefined,
  })
  // Of a folder that keeps none, none is compared.
  expect((await keepAll([], lock, { 'packages.lock': lockWith('1') })).changes).toBeUndefined()
})
