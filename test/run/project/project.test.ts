import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  lock,
  openProject,
  removeProject,
  saveState,
  sweepFolders,
  unlock,
} from '../../../src/run/project/project.ts'
import { answers, host, made, parent, write } from './project-room.ts'

test('a new folder appears whole, and nothing stays beside it', async () => {
  const directory = await made()
  expect(readdirSync(parent)).toEqual(['hello'])
  expect(readFileSync(join(directory, 'hello.c'), 'utf8')).toBe('first')
})

test('a folder that is there and empty is filled', async () => {
  mkdirSync(join(parent, 'hello'))
  await made()
  expect(readdirSync(join(parent, 'hello'))).toContain('Dockerfile')
})

test('the same answers go on with the folder; once it is finished others are refused with what differs', async () => {
  const directory = await made()
  expect(openProject(directory, answers, false).kind).toBe('resumed')
  expect(openProject(directory, { ...answers, tag: 'other' }, false).kind).toBe('replaced')
  await saveState(openProject(directory, answers, false), { finished: true })
  expect(() => openProject(directory, { ...answers, tag: 'other' }, false)).toThrow(
    'was made from other answers: tag was hello and is now other',
  )
  expect(() => openProject(directory, { version: 1, arch: 'arm64' }, false)).toThrow(
    'tag is left out, it was hello; arch is new: arm64',
  )
  expect(openProject(directory, { ...answers, tag: 'other' }, true).kind).toBe('replaced')
})

test('--force with the same answers forgets what is done, and keeps what the person changed', async () => {
  const directory = await made()
  const step = { key: 'k', outputs: {} }
  await saveState(openProject(directory, answers, false), { steps: { compile: step } })
  writeFileSync(join(directory, 'hello.c'), 'mine')
  expect(openProject(directory, answers, false).state.steps).toEqual({ compile: step })
  const forced = openProject(directory, answers, true)
  expect(forced).toMatchObject({ kind: 'resumed', state: { steps: {} } })
  expect(await write(forced, 'first')).toBe('kept your hello.c, in hello')
  expect(openProject(directory, answers, false).state.steps).toEqual({})
})

test('a folder that is not ours is refused and stays as it is, also with --force', () => {
  writeFileSync(join(parent, 'thesis.txt'), 'years of work')
  for (const force of [false, true]) {
    expect(() => openProject(parent, answers, force)).toThrow('was not made by create-base-image')
  }
  expect(readdirSync(parent)).toEqual(['thesis.txt'])
})

test('a repository that has only begun is filled; what is in it stays, also when it is taken back', async () => {
  mkdirSync(join(parent, '.git'))
  for (const name of ['.git/HEAD', 'README.md', 'LICENSE', 'Dockerfile'])
    writeFileSync(join(parent, name), 'theirs')
  expect(() => openProject(parent, answers, false)).toThrow('was not made by create-base-image')
  rmSync(join(parent, 'Dockerfile'))
  writeFileSync(join(parent, 'hello.c'), 'theirs')
  const project = openProject(parent, { ...answers, program: './hello.c' }, false)
  expect(await write(project, 'ours')).toBe(
    '1 file in hello, where the next commands run, kept your hello.c',
  )
  expect(readdirSync(parent).sort()).toContain('Dockerfile')
  expect(readFileSync(join(parent, 'hello.c'), 'utf8')).toBe('theirs')
  await removeProject(project)
  expect(readdirSync(parent).sort()).toEqual(['.git', 'LICENSE', 'README.md', 'hello.c'])
  expect(readdirSync(join(parent, '.git'))).toEqual(['HEAD'])
})

test('a project that came by git, without its state, goes on with the same answers and no others', async () => {
  const directory = await made()
  rmSync(join(directory, '.create-base-image'), { recursive: true })
  writeFileSync(join(directory, 'answers.json'), JSON.stringify(answers))
  writeFileSync(join(directory, 'Dockerfile'), 'changed')
  expect(() => openProject(directory, { ...answers, tag: 'other' }, true)).toThrow('was not made')
  await write(openProject(directory, answers, false), 'second')
  expect(readFileSync(join(directory, 'Dockerfile'), 'utf8')).toBe('changed')
  expect(openProject(directory, answers, false).kind).toBe('resumed')
})

test('a file in the place of the folder is named', () => {
  writeFileSync(join(parent, 'hello'), '')
  expect(() => openProject(join(parent, 'hello'), answers, false)).toThrow('is a file')
  expect(() => openProject(join(parent, 'hello/deep'), answers, false)).toThrow('is a file')
})

test('a folder that another process works in is refused', async () => {
  const directory = await made()
  writeFileSync(join(directory, '.create-base-image/lock'), `${host}-${process.ppid}-00`)
  expect(() => openProject(directory, answers, false)).toThrow(
    'Another run of create-base-image works in',
  )
})

test('temporary folders of dead runs are swept, those of others are not', async () => {
  const dead = `.x.create-base-image-${host}-4194305-00`
  const alive = `.x.create-base-image-${host}-${process.pid}-00`
  for (const name of [dead, alive, '.x.create-base-image-00000000-1-00', '.y'])
    mkdirSync(join(parent, name))
  await sweepFolders(parent)
  expect(existsSync(join(parent, dead))).toBe(false)
  expect(readdirSync(parent)).toHaveLength(3)
})

test.skipIf(process.platform === 'win32')(
  'an empty folder stays the same folder, also behind a link and when the run is taken back',
  async () => {
    const directory = join(parent, 'hello')
    mkdirSync(join(parent, 'real'))
    chmodSync(join(parent, 'real'), 0o750)
    symlinkSync('real', directory)
    const before = statSync(directory)
    const project = openProject(directory, answers, false)
    await write(project, 'first')
    expect(readdirSync(directory).sort()).toEqual(['.create-base-image', 'Dockerfile', 'hello.c'])
    await removeProject(project)
    expect(readdirSync(directory)).toEqual([])
    expect([statSync(directory).ino, statSync(directory).mode]).toEqual([before.ino, before.mode])
  },
)

test('a new folder that is taken back is gone', async () => {
  const project = openProject(join(parent, 'hello'), answers, false)
  await write(project, 'first')
  await removeProject(project)
  expect(readdirSync(parent)).toEqual([])
})

test.skipIf(process.platform === 'win32')('a link to no folder is named as that', () => {
  symlinkSync('nowhere', join(parent, 'hello'))
  expect(() => openProject(join(parent, 'hello'), answers, false)).toThrow('a link to a folder')
})

test('a folder that another run made meanwhile is left to it', async () => {
  for (const name of ['hello', 'empty']) {
    const directory = join(parent, name)
    if (name === 'empty') mkdirSync(directory)
    const late = openProject(directory, answers, false)
    await write(openProject(directory, answers, false), 'first')
    await expect(write(late, 'second')).rejects.toThrow('Another run made')
    expect(readFileSync(join(directory, 'hello.c'), 'utf8')).toBe('first')
    expect(openProject(directory, answers, false).kind).toBe('resumed')
  }
  expect(readdirSync(parent).sort()).toEqual(['empty', 'hello'])
})

test('the lock of a living run is refused and kept, that of a dead one is taken over', async () => {
  const directory = await made()
  const path = join(directory, '.create-base-image/lock')
  const late = openProject(directory, answers, false)
  const other = `${host}-${process.ppid}-00`
  writeFileSync(path, other)
  await expect(write(late, 'second')).rejects.toThrow('Another run of create-base-image works in')
  expect(readFileSync(path, 'utf8')).toBe(other)
  expect(readFileSync(join(directory, 'hello.c'), 'utf8')).toBe('first')
  writeFileSync(path, `${host}-4194305-00`)
  await lock(late, 'mine')
  expect(readFileSync(path, 'utf8')).toBe('mine')
  writeFileSync(path, other)
  unlock(late)
  expect(readFileSync(path, 'utf8')).toBe(other)
})

test.skipIf(process.platform === 'win32')(
  "a project of one's own goes on below a folder that takes no new files",
  async () => {
    const directory = await made()
    const another = () => openProject(join(parent, 'two'), answers, false)
    chmodSync(parent, 0o555)
    try {
      expect(await write(openProject(directory, answers, false), 'first')).toContain('as they were')
      // Root may write anywhere.
      if (process.getuid?.() === 0) expect(another().kind).toBe('new')
      else expect(another).toThrow('no right to write')
    } finally {
      chmodSync(parent, 0o755)
    }
  },
)
