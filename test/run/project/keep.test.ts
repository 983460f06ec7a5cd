import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockText } from '../../../src/bootstrap/deb/lock.ts'
import type { RunContext } from '../../../src/run/context.ts'
import { digestOf } from '../../../src/run/project/files.ts'
import { keepOf } from '../../../src/run/project/keep.ts'
import type { Project } from '../../../src/run/project/project.ts'

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
const keep = async (
  kind: Project['kind'],
  written: Record<string, string> = {},
  keeps: readonly string[] = ['packages.lock'],
) => {
  writeFileSync(join(directory, '.create-base-image/made/packages.lock'), lockWith('2'))
  const state = { version: 1, finished: true, answers: {}, written, steps: {} } as const
  const project: Project = { directory, kind, state, made: false, wasEmpty: false }
  const context = {
    plan: { keeps },
    project,
    hints: [],
  } as unknown as RunContext
  const { changes } = await keepOf(context)
  return {
    changes,
    hints: context.hints,
    lock: textAt(join(directory, 'packages.lock')),
    names: readdirSync(directory).filter(name => !name.startsWith('.')),
  }
}

const textAt = (path: string): string | null =>
  existsSync(path) ? readFileSync(path, 'utf8') : null

test('an image that is not of our making leaves no list of another one; what a person changed stays', async () => {
  const written = { 'packages.lock': digestOf(lockWith('1')) }
  writeFileSync(join(directory, 'packages.lock'), lockWith('1'))
  expect(await keep('replaced', written, [])).toMatchObject({ lock: null, names: [], hints: [] })
  writeFileSync(join(directory, 'packages.lock'), 'mine')
  expect(await keep('replaced', written, [])).toMatchObject({
    lock: 'mine',
    hints: ['packages.lock: of the image that was made here before.'],
  })
  expect(await keep('replaced', {}, [])).toMatchObject({ lock: 'mine', hints: [] })
})

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
