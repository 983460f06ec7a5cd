import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digestOf } from '../../../src/run/project/files.ts'
import { writeData, writeOwnFile, type Filled } from '../../../src/run/project/own-file.ts'
import type { Project } from '../../../src/run/project/project.ts'
import { room } from '../../oci/room.ts'

const posix = test.skipIf(process.platform === 'win32')

/** A project folder in which `a/file` holds `found` and was last written as `recorded`; null for nothing. */
const project = async (
  found: string | null,
  recorded: string | null,
  kind: Project['kind'] = 'resumed',
) => {
  const directory = await room()
  const path = join(directory, 'a/file')
  mkdirSync(join(directory, 'a'))
  if (found !== null) writeFileSync(path, found, { mode: 0o644 })
  const written = recorded === null ? {} : { 'a/file': digestOf(recorded) }
  const state = { version: 1, finished: false, answers: {}, written, steps: {} } as const
  const of: Project = { directory, kind, state, made: false, wasEmpty: false }
  const file = (more: object = {}): Filled => ({
    file: 'a/file',
    text: '',
    content: Buffer.from('new'),
    ...more,
  })
  return { of, path, file, text: () => readFileSync(path, 'utf8') }
}

posix.each<[string | null, string | null, Project['kind'], string | null, string]>([
  [null, null, 'resumed', 'wrote a/file', 'new'],
  [null, 'old', 'resumed', 'wrote a/file', 'new'],
  ['new', null, 'resumed', null, 'new'],
  ['old', 'old', 'resumed', 'updated a/file', 'new'],
  ['old', 'old', 'replaced', 'updated a/file', 'new'],
  ['mine', 'old', 'resumed', 'kept your a/file', 'mine'],
  ['mine', null, 'resumed', 'kept your a/file', 'mine'],
  ['mine', 'old', 'replaced', 'replaced a/file (yours is a/file.old)', 'new'],
])(
  'a file that holds %j and was written as %j, in a folder that is %s: %j',
  async (found, recorded, kind, told, left) => {
    const { of, path, file, text } = await project(found, recorded, kind)
    expect(await writeOwnFile(file(), of)).toBe(told)
    expect(text()).toBe(left)
    expect(existsSync(`${path}.old`)).toBe(told?.startsWith('replaced') === true)
  },
)

posix('a program that lost its right to run gets it back, a text never one', async () => {
  const { of, path, file } = await project('new', 'new')
  const mode = (): string => (statSync(path).mode & 0o777).toString(8)
  expect(await writeOwnFile(file({ mode: 0o644 }), of)).toBeNull()
  expect(await writeOwnFile(file(), of)).toBeNull()
  expect(mode()).toBe('644')
  expect(await writeOwnFile(file({ mode: 0o755 }), of)).toBe('made a/file executable')
  expect(mode()).toBe('755')
  expect(await writeOwnFile(file({ mode: 0o755 }), of)).toBeNull()
})

posix('a copy that was changed at both ends is given to neither', async () => {
  const { of, file, text } = await project('mine', 'old')
  await expect(writeOwnFile(file({ copyOf: '/theirs' }), of)).rejects.toMatchObject({
    code: 'both-changed',
    message: 'a/file was changed in the project folder, and /theirs was changed too.',
    todo: [
      'Make the two alike, or take the one outside with --force (yours is kept as a .old file).',
    ],
  })
  expect(text()).toBe('mine')
  // The one outside is as it was.
  const same = await project('mine', 'new')
  expect(await writeOwnFile(same.file({ copyOf: '/theirs' }), same.of)).toBe('kept your a/file')
})

posix('a new file makes its folders, and is written through no link', async () => {
  const { of } = await project(null, null)
  const deep = { file: 'b/c/file', text: '', content: Buffer.from('x') }
  expect(await writeOwnFile(deep, of)).toBe('wrote b/c/file')
  expect(readFileSync(join(of.directory, 'b/c/file'), 'utf8')).toBe('x')
  symlinkSync('b', join(of.directory, 'link'))
  await expect(writeOwnFile({ ...deep, file: 'link/d/file' }, of)).rejects.toMatchObject({
    code: 'link',
  })
  expect(existsSync(join(of.directory, 'b/d'))).toBe(false)
})

posix('data is for all to read, is remembered as ours, and a person’s own stays', async () => {
  const { of } = await project(null, null)
  expect(await writeData('files/etc/motd', 'hi', of)).toEqual([])
  expect(statSync(join(of.directory, 'files/etc/motd')).mode & 0o777).toBe(0o644)
  expect(of.state.written).toEqual({ 'files/etc/motd': digestOf('hi') })
  expect(await writeData('files/etc/motd', 'ho', of)).toEqual([])
  writeFileSync(join(of.directory, 'files/etc/motd'), 'mine')
  expect(await writeData('files/etc/motd', 'ho', of)).toEqual(['kept your files/etc/motd'])
  expect(await writeData('files/etc/other', '', of)).toEqual([])
  expect(Object.keys(of.state.written)).toEqual(['files/etc/motd', 'files/etc/other'])
})
