import {
  chmodSync,
  existsSync,
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
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assetsFolder } from '../../../src/assets.ts'
import type { Plan } from '../../../src/plan/types.ts'
import type { ProjectFile } from '../../../src/plan/project-files.ts'
import { writeProject } from '../../../src/run/crafts/write-project.ts'
import {
  lock,
  openProject,
  rememberArchive,
  removeProject,
  saveState,
  sweepFolders,
  unlock,
  type Project,
} from '../../../src/run/project/project.ts'
import { digestOf } from '../../../src/run/project/files.ts'
import { newRunId } from '../../../src/run/process/run-id.ts'
import { craftContext } from '../crafts/craft-context.ts'

const host = newRunId().split('-')[0]!
let parent: string
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'project-'))))
afterEach(() => rmSync(parent, { recursive: true }))

const answers = { version: 1, tag: 'hello' }
const files = (text: string): ProjectFile[] => [
  { file: 'Dockerfile', text: 'FROM scratch\n' },
  { file: 'hello.c', text },
]

const contextOf = (project: Project) =>
  craftContext(project.directory, { project, assets: assetsFolder() })

const write = async (project: Project, text: string): Promise<string> => {
  const context = contextOf(project)
  const { result = '' } = await writeProject({ files: files(text), shown: 'hello' }, context)
  unlock(project)
  return result
}

const made = async (text = 'first'): Promise<string> => {
  const directory = join(parent, 'hello')
  await write(openProject(directory, answers, false), text)
  return directory
}

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

test.skipIf(process.platform === 'win32')(
  'nothing is written through a link that stands there',
  async () => {
    const elsewhere = join(parent, 'elsewhere')
    mkdirSync(elsewhere)
    const directory = join(parent, 'hello')
    mkdirSync(join(directory, '.git'), { recursive: true })
    writeFileSync(join(parent, 'target'), 'theirs')
    symlinkSync('../target', join(directory, 'README.md'))
    const project = openProject(directory, answers, false)
    const context = contextOf(project)
    const input = { files: [...files('x'), { file: 'README.md', text: 'ours' }], shown: 'hello' }
    await writeProject(input, context)
    expect(readFileSync(join(parent, 'target'), 'utf8')).toBe('theirs')
  },
)

test('a file in the place of the folder is named', () => {
  writeFileSync(join(parent, 'hello'), '')
  expect(() => openProject(join(parent, 'hello'), answers, false)).toThrow('is a file')
  expect(() => openProject(join(parent, 'hello/deep'), answers, false)).toThrow('is a file')
})

test('a file that the person changed is kept; --force keeps it as .old', async () => {
  const directory = await made()
  writeFileSync(join(directory, 'hello.c'), 'mine')
  expect(await write(openProject(directory, answers, false), 'first')).toBe(
    'kept your hello.c, in hello',
  )
  const forced = openProject(directory, { ...answers, tag: 'other' }, true)
  expect(await write(forced, 'first')).toBe('replaced hello.c (yours is hello.c.old), in hello')
  expect(readFileSync(join(directory, 'hello.c.old'), 'utf8')).toBe('mine')
})

test('a file that the person did not touch follows its source, and a lost one comes back', async () => {
  const directory = await made()
  expect(await write(openProject(directory, answers, false), 'second')).toBe(
    'updated hello.c, in hello',
  )
  rmSync(join(directory, 'Dockerfile'))
  expect(await write(openProject(directory, answers, false), 'second')).toBe(
    'wrote Dockerfile, in hello',
  )
})

test('when a copied file was changed at both ends, neither is lost', async () => {
  const directory = join(parent, 'hello')
  const source = join(parent, 'tool.c')
  const copy = async (project: Project) => {
    const context = contextOf(project)
    await writeProject({ files: [{ file: 'tool.c', copyOf: source }], shown: 'hello' }, context)
    unlock(project)
  }
  writeFileSync(source, 'one')
  await copy(openProject(directory, answers, false))
  writeFileSync(source, 'two')
  writeFileSync(join(directory, 'tool.c'), 'three')
  await expect(copy(openProject(directory, answers, false))).rejects.toThrow('was changed too')
  expect(readFileSync(join(directory, 'tool.c'), 'utf8')).toBe('three')
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
  'files/ is readable for all in the next run, and set aside when other answers replace it',
  async () => {
    const directory = await made()
    mkdirSync(join(directory, 'files/etc'), { recursive: true, mode: 0o700 })
    writeFileSync(join(directory, 'files/etc/passwd'), 'mine', { mode: 0o600 })
    await write(openProject(directory, answers, false), 'first')
    const modes = ['files', 'files/etc', 'files/etc/passwd'].map(
      path => statSync(join(directory, path)).mode & 0o777,
    )
    expect(modes).toEqual([0o755, 0o755, 0o644])
    const forced = openProject(directory, { ...answers, tag: 'other' }, true)
    expect(await write(forced, 'first')).toBe('set files aside as files.old, in hello')
    expect(readFileSync(join(directory, 'files.old/etc/passwd'), 'utf8')).toBe('mine')
    expect(readdirSync(directory)).not.toContain('files')
  },
)

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

test('a file in a folder of its own is written, written again, and taken back with the folder', async () => {
  for (const before of ['absent', 'empty']) {
    const directory = join(parent, before)
    if (before === 'empty') mkdirSync(directory)
    const writeNested = async (text: string): Promise<Project> => {
      const project = openProject(directory, answers, false)
      const context = contextOf(project)
      const nested = [...files('first'), { file: 'recipe/more/distro.json', text }]
      await writeProject({ files: nested, shown: before }, context)
      expect(readFileSync(join(directory, 'recipe/more/distro.json'), 'utf8')).toBe(text)
      return project
    }
    const first = await writeNested('one')
    unlock(first)
    rmSync(join(directory, 'recipe'), { recursive: true })
    unlock(await writeNested('two'))
    await removeProject(openProject(directory, answers, false))
    expect(existsSync(join(directory, 'recipe'))).toBe(false)
  }
})

test('the script of a recipe is written with the texts of ours that it brings in', async () => {
  const script = join(parent, 'bootstrap.sh')
  writeFileSync(script, '#!/bin/sh\n{{> families/shared/lib.sh}}\nmain\n')
  const project = openProject(join(parent, 'hello'), answers, false)
  await writeProject(
    {
      files: [
        { file: 'bootstrap.sh', copyOf: script, includes: true },
        { file: 'recipe/bootstrap.sh', copyOf: script },
      ],
      shown: 'hello',
    },
    contextOf(project),
  )
  unlock(project)
  const written = (name: string): string => readFileSync(join(parent, 'hello', name), 'utf8')
  expect(written('bootstrap.sh')).toMatch(
    /^#!\/bin\/sh\n# --- what every[^]*\ncheck_release\(\)[^]*\nmain\n$/,
  )
  expect(written('recipe/bootstrap.sh')).toBe(readFileSync(script, 'utf8'))
})

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
  const write = async (name: string, some: ProjectFile[]) => {
    const project = openProject(join(parent, name), answers, false)
    const told = await writeProject({ files: some, shown: name }, contextOf(project))
    unlock(project)
    return told
  }
  expect(await write('two', files('x'))).toEqual({
    lines: ['Dockerfile', 'hello.c'],
    result: '2 files in two, where the next commands run',
  })
  expect((await write('one', files('x').slice(1))).result).toBe(
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
  const write = async (name: string, codename: string): Promise<void> => {
    const project = openProject(join(parent, name), answers, false)
    const file = { file: 'apt/mine.sources', sourcesOf: sources, codename }
    await writeProject({ files: [file], shown: name }, contextOf(project))
    unlock(project)
  }
  await write('hello', 'trixie')
  const written = (path: string): string => readFileSync(join(parent, 'hello/apt', path), 'utf8')
  expect(written('mine.sources')).toContain('URIs: http://a.test/debian\n')
  expect(written(key.slice(1))).toBe('key')
  await expect(write('other', 'bookworm')).rejects.toThrow('has no suite bookworm')
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
