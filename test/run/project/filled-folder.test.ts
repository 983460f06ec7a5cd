import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ProjectFile } from '../../../src/plan/craft-inputs.ts'
import { writeProject } from '../../../src/run/crafts/write-project.ts'
import { digestOf } from '../../../src/run/project/files.ts'
import { openProject, unlock } from '../../../src/run/project/project.ts'
import { craftContext } from '../crafts/craft-context.ts'
import { answers, contextOf, files, host, made, parent, write } from './project-room.ts'

test.skipIf(process.platform === 'win32')(
  'a repository that could not be filled is as it was',
  async () => {
    mkdirSync(join(parent, 'elsewhere'))
    const repository = join(parent, 'repository')
    mkdirSync(join(repository, '.git'), { recursive: true })
    symlinkSync('../elsewhere', join(repository, '.github'))
    const project = openProject(repository, answers, false)
    const input = {
      files: [...files('x'), { file: '.github/workflows/build.yml', text: 'ours' }],
      shown: 'repository',
    }
    await expect(writeProject(input, contextOf(project))).rejects.toMatchObject({ code: 'link' })
    expect(readdirSync(repository).sort()).toEqual(['.git', '.github'])
    expect(readdirSync(join(parent, 'elsewhere'))).toEqual([])
    expect([project.made, project.lockedBy]).toEqual([false, undefined])
  },
)

test('what runs know of each other is no part of a repository', async () => {
  const directory = await made()
  expect(readFileSync(join(directory, '.create-base-image/.gitignore'), 'utf8')).toBe('*\n')
})

test('a folder in which a killed run had put nothing yet counts as empty', async () => {
  const directory = join(parent, 'hello')
  mkdirSync(join(directory, '.create-base-image'), { recursive: true })
  expect(openProject(directory, answers, false)).toMatchObject({ kind: 'new', wasEmpty: true })
  writeFileSync(join(directory, '.create-base-image/state.json'), '{}')
  expect(() => openProject(directory, answers, false)).toThrow("can't be used")
})

test('files are told in the singular and in the plural, by their names', async () => {
  const filled = async (name: string, some: ProjectFile[]) => {
    const project = openProject(join(parent, name), answers, false)
    const told = await writeProject({ files: some, shown: name }, contextOf(project))
    unlock(project)
    return told
  }
  expect(await filled('two', files('x'))).toEqual({
    lines: ['Dockerfile', 'hello.c'],
    result: '2 files in two, where the next commands run',
  })
  expect((await filled('one', files('x').slice(1))).result).toBe(
    '1 file in one, where the next commands run',
  )
})

test('a template is filled with its values, and what has none stays', async () => {
  const project = openProject(join(parent, 'hello'), answers, false)
  const template = { file: 'x', asset: 'template', values: { name: 'hello' } }
  writeFileSync(join(parent, 'template'), 'a {{name}} of {{nobody}}\n')
  await writeProject(
    { files: [template], shown: 'hello' },
    craftContext(project.directory, { project, assets: parent }),
  )
  expect(readFileSync(join(parent, 'hello/x'), 'utf8')).toBe('a hello of {{nobody}}\n')
})

test('beside what a repository begins with nothing may stand, by the whole name', () => {
  const taken = (name: string): boolean => {
    const directory = mkdtempSync(join(parent, 'names-'))
    writeFileSync(join(directory, name), '')
    try {
      return openProject(directory, answers, false).kind === 'new'
    } catch {
      return false
    }
  }
  for (const name of [
    '.gitignore',
    'README',
    'readme.rst',
    'LICENSE',
    'LICENCE-MIT',
    'Copying.txt',
  ])
    expect(taken(name), name).toBe(true)
  for (const name of ['x.gitignore', '.gitignored', 'my-readme', 'readmes', 'license_x', 'a.c'])
    expect(taken(name), name).toBe(false)
})

test('the program, the keyring and the lock that an answer names may stand there, and no others', () => {
  for (const name of ['program', 'keyring', 'locked']) {
    const directory = mkdtempSync(join(parent, 'own-'))
    writeFileSync(join(directory, 'mine'), '')
    expect(openProject(directory, { ...answers, [name]: './mine' }, false).beside).toEqual(['mine'])
    expect(() => openProject(directory, { ...answers, [name]: 'mine' }, false)).toThrow(
      'not made by',
    )
  }
  const directory = mkdtempSync(join(parent, 'own-'))
  writeFileSync(join(directory, 'mine'), '')
  expect(() => openProject(directory, { ...answers, tag: './mine' }, false)).toThrow('not made by')
})

test('a file of sources is written without its login, and with the keys that it names', async () => {
  const [key, sources] = [join(parent, 'tools.gpg'), join(parent, 'mine.sources')]
  writeFileSync(key, 'key')
  writeFileSync(
    sources,
    `Types: deb\nURIs: http://me:s3cret@a.test/debian\nSuites: trixie\nComponents: main\nSigned-By: ${key}\n`,
  )
  const filled = async (name: string, codename: string): Promise<void> => {
    const project = openProject(join(parent, name), answers, false)
    const file = { file: 'apt/mine.sources', sourcesOf: sources, codename }
    await writeProject({ files: [file], shown: name }, contextOf(project))
    unlock(project)
  }
  await filled('hello', 'trixie')
  const written = (path: string): string => readFileSync(join(parent, 'hello/apt', path), 'utf8')
  expect(written('mine.sources')).toContain('URIs: http://a.test/debian\n')
  expect(written(key.slice(1))).toBe('key')
  await expect(filled('other', 'bookworm')).rejects.toThrow('has no suite bookworm')
  expect(existsSync(join(parent, 'other'))).toBe(false)
})

test('a new folder is this run’s alone from the first moment, and what a dead run left beside it goes', async () => {
  const dead = join(parent, `.hello.create-base-image-${host}-4194305-00`)
  mkdirSync(dead)
  const project = openProject(join(parent, 'hello'), answers, false)
  await writeProject({ files: files('x'), shown: 'hello' }, contextOf(project))
  expect(project).toMatchObject({ made: true, lockedBy: 'test' })
  expect(readFileSync(join(parent, 'hello/.create-base-image/lock'), 'utf8')).toBe('test')
  expect(project.state.written).toEqual({
    Dockerfile: digestOf('FROM scratch\n'),
    'hello.c': digestOf('x'),
  })
  expect(existsSync(dead)).toBe(false)
  unlock(project)
  expect(existsSync(join(parent, 'hello/.create-base-image/lock'))).toBe(false)
})

test('what a killed run had left in an empty folder is no part of the new project', async () => {
  const directory = join(parent, 'hello')
  mkdirSync(join(directory, '.create-base-image/new'), { recursive: true })
  writeFileSync(join(directory, '.create-base-image/new/half'), '')
  const project = openProject(directory, answers, false)
  await write(project, 'x')
  expect(existsSync(join(directory, '.create-base-image/new'))).toBe(false)
  expect(project.state.written).toMatchObject({ 'hello.c': digestOf('x') })
  expect(project.made).toBe(true)
})

test('a run that goes on in a folder removes what a killed one left half written', async () => {
  const directory = await made()
  writeFileSync(join(directory, 'hello.c.part-4194305'), 'half')
  await write(openProject(directory, answers, false), 'first')
  expect(readdirSync(directory).sort()).toEqual(['.create-base-image', 'Dockerfile', 'hello.c'])
})

test('all that stays as a person has it is named', async () => {
  mkdirSync(join(parent, '.git'))
  for (const name of ['README.md', 'LICENSE']) writeFileSync(join(parent, name), 'theirs')
  const project = openProject(parent, answers, false)
  const some = ['README.md', 'LICENSE', 'a', 'b'].map(file => ({ file, text: '' }))
  const told = await writeProject({ files: some, shown: 'here' }, contextOf(project))
  unlock(project)
  expect(told.result).toBe(
    '2 files in here, where the next commands run, kept your README.md, LICENSE',
  )
  const directory = await made()
  for (const name of ['hello.c', 'Dockerfile']) writeFileSync(join(directory, name), 'mine')
  expect(await write(openProject(directory, answers, false), 'first')).toBe(
    'kept your Dockerfile, kept your hello.c, in hello',
  )
})
