import {
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
import { writeProject } from '../../../src/run/crafts/write-project.ts'
import {
  openProject,
  removeProject,
  unlock,
  type Project,
} from '../../../src/run/project/project.ts'
import { answers, contextOf, files, made, parent, write } from './project-room.ts'

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
