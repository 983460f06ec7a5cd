import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/types.ts'
import { digestOf } from '../../../src/run/project/files.ts'
import { openProject, rememberArchive, type Project } from '../../../src/run/project/project.ts'
import { answers, files, made, parent } from './project-room.ts'

const wish = (archive: string, force = false) => {
  const step = {
    pipeline: [{ kind: 'craft', craft: 'write-project', input: { files: files('') }, shown: [] }],
  }
  const plan = {
    directory: join(parent, 'hello'),
    image: { reference: 'hello', arch: 'amd64', archive: join(parent, archive) },
    contents: { files: ['hello'], tree: null, readyAfter: '' },
    steps: [step],
  } as unknown as Plan
  return { plan, force }
}

const openWith = (archive: string, force = false): Project =>
  openProject(join(parent, 'hello'), answers, false, wish(archive, force))

test.each(['hello', '', 'hello/Dockerfile', 'hello/hello', 'hello/files/x', 'hello/hello.c'])(
  'an archive never takes the place of the project itself: %j',
  async archive => {
    await made()
    for (const force of [false, true])
      expect(() => openWith(archive, force)).toThrow(/needs itself|project folder/)
  },
)

test('an archive takes the place of no folder, and of a file only when it is ours or forced', async () => {
  const project = openProject(await made(), answers, false)
  mkdirSync(join(parent, 'folder.tar'))
  expect(() => openWith('folder.tar', true)).toThrow('not a regular file')
  const archive = join(parent, 'mine.tar')
  expect(openWith('mine.tar').kind).toBe('resumed')
  writeFileSync(archive, 'thesis')
  expect(() => openWith('mine.tar')).toThrow('did not write it as it is')
  expect(openWith('mine.tar', true).kind).toBe('resumed')
  await rememberArchive(project, archive, digestOf('thesis'))
  expect(openWith('mine.tar').kind).toBe('resumed')
  writeFileSync(archive, 'thesis, second edition')
  expect(() => openWith('mine.tar')).toThrow('did not write it as it is')
})

test('an archive that a killed run was writing is replaced', async () => {
  const project = openProject(await made(), answers, false)
  await rememberArchive(project, join(parent, 'hello/hello.tar'))
  writeFileSync(join(parent, 'hello/hello.tar'), 'whole')
  expect(openWith('hello/hello.tar').kind).toBe('resumed')
})
