import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UsageError } from '../../../src/errors.ts'
import type { Plan } from '../../../src/plan/types.ts'
import { BEGUN, checkArchivePlace } from '../../../src/run/project/archive-place.ts'
import { digestOf } from '../../../src/run/project/files.ts'
import { openProject } from '../../../src/run/project/project.ts'
import { readState } from '../../../src/run/project/state-file.ts'
import { newRunId } from '../../../src/run/process/run-id.ts'
import { room } from '../../oci/room.ts'

const posix = test.skipIf(process.platform === 'win32')
const ANSWERS = { version: 1, tag: 'hello' }
const STATE = { version: 1, finished: true, answers: ANSWERS, written: {}, steps: {} }

/** What a person is told, and what to do now. */
const refusal = (does: () => unknown): { message: string; todo: readonly string[] } => {
  try {
    does()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    const { message, todo } = error as UsageError
    return { message, todo }
  }
  throw new Error('It was not refused.')
}

const put = (folder: string, path: string, text: string): string => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
  return join(folder, path)
}

const ofFolder = (folder: string, answers: object = ANSWERS) =>
  refusal(() => openProject(folder, answers as typeof ANSWERS, false))

posix('each folder that is refused is told with its own way out', async () => {
  const at = await room()
  put(at, 'strange/thesis', '')
  expect(ofFolder(join(at, 'strange'))).toEqual({
    message: `${at}/strange exists and was not made by create-base-image.`,
    todo: ['Name another folder: create-base-image my-folder'],
  })
  put(at, 'file', '')
  expect(ofFolder(join(at, 'file'))).toEqual({
    message: `${at}/file is a file, and the project needs a folder.`,
    todo: ['Name another folder.'],
  })
  expect(ofFolder(join(at, 'file/a/b'))).toEqual({
    message: `${at}/file is a file, so no folder can be made in it.`,
    todo: ['Name another folder.'],
  })
  symlinkSync('nowhere', join(at, 'link'))
  expect(ofFolder(join(at, 'link'))).toEqual({
    message: `${at}/link is a link to a folder that is not there.`,
    todo: ['Make that folder, remove the link, or name another folder.'],
  })
  put(at, 'done/.create-base-image/state.json', JSON.stringify(STATE))
  expect(ofFolder(join(at, 'done'), { ...ANSWERS, tag: 'b' })).toEqual({
    message: `${at}/done was made from other answers: tag was hello and is now b.`,
    todo: [
      'Give the same answers to go on with it, name another folder, or replace it with --force.',
    ],
  })
  const [machine] = newRunId().split('-')
  put(at, 'done/.create-base-image/lock', `${machine}-${process.ppid}-00`)
  const { message, todo } = ofFolder(join(at, 'done'))
  expect(message).toContain(`Another run of create-base-image works in ${at}/done`)
  expect(message).toContain(String(process.ppid))
  expect(todo.length).toBeGreaterThan(0)
  expect(todo.every(line => line.length > 10)).toBe(true)
})

posix('a folder in which only a killed run has begun is as good as empty', async () => {
  const at = await room()
  mkdirSync(join(at, 'begun/.create-base-image'), { recursive: true })
  expect(openProject(join(at, 'begun'), ANSWERS, false)).toMatchObject({
    kind: 'new',
    wasEmpty: true,
    beside: [],
  })
  expect(openProject(join(at, 'a/b/c'), ANSWERS, false)).toMatchObject({
    kind: 'new',
    wasEmpty: false,
    made: false,
  })
  put(at, 'begun/more', '')
  expect(ofFolder(join(at, 'begun')).message).toContain('was not made by create-base-image')
})

posix('a state that can not be used is told with its folder and two ways on', async () => {
  const at = await room()
  const path = put(at, '.create-base-image/state.json', '[]')
  expect(refusal(() => readState(at))).toEqual({
    message: `${path} can't be used: it is not JSON object.`,
    todo: [
      'Name another folder, or start over: keep what is yours of this one elsewhere, and remove it.',
      `It says what was made in ${at}; create-base-image writes it, and nobody else should.`,
    ],
  })
  const linked = await room()
  symlinkSync(at, join(linked, 'files'))
  expect(refusal(() => readState(linked))).toEqual({
    message: `${linked}/files is a link, and what it leads to is no part of the project folder.`,
    todo: ['Remove the link, or name another folder.'],
  })
})

test.each<[string, unknown]>([
  ['version', { ...STATE, version: 2 }],
  ['finished', { ...STATE, finished: 1 }],
  ['answers', { ...STATE, answers: { a: [] } }],
  ['written', { ...STATE, written: { '/a': 'x' } }],
  ['archives', { ...STATE, archives: { a: 1 } }],
  ['steps', { ...STATE, steps: { a: {} } }],
])('a state whose %s is not ours is named by that', async (part, state) => {
  const at = await room()
  put(at, '.create-base-image/state.json', JSON.stringify(state))
  expect(refusal(() => readState(at)).message).toContain(part)
})

test.each<[string, object, boolean]>([
  ['a text of 4096 letters', { answers: { a: 'x'.repeat(4096) } }, true],
  ['one of 4097', { answers: { a: 'x'.repeat(4097) } }, false],
  ['a name with two dots in it', { written: { 'a..b/..c': 'x' } }, true],
  ['a way up', { written: { 'a/..': 'x' } }, false],
  ['a way up by backslashes', { written: { 'a\\..\\b': 'x' } }, false],
  ['a backslash at its beginning', { written: { '\\a': 'x' } }, false],
  ['a zero byte', { written: { 'a\0': 'x' } }, false],
  ['a letter and a colon', { written: { 'c:x': 'x' } }, false],
  ['a size that nobody knew', { steps: { b: image({ bytes: null }) } }, true],
  ['a size as a text', { steps: { b: image({ bytes: '5' }) } }, false],
  ['another size as a text', { steps: { b: image({ compressedBytes: '5' }) } }, false],
  ['an image without its ID', { steps: { b: image({ id: 5 }) } }, false],
  ['sizes that are no list', { steps: { b: image({ sizes: {} }) } }, false],
  ['sizes that are no tables', { steps: { b: image({ sizes: [1] }) } }, false],
  ['a record without its key', { steps: { b: { outputs: {} } } }, false],
])('a state with %s', async (_, change, isTaken) => {
  const at = await room()
  put(at, '.create-base-image/state.json', JSON.stringify({ ...STATE, ...change }))
  if (isTaken) expect(readState(at)).toEqual({ ...STATE, ...change })
  else
    expect(refusal(() => readState(at)).message).toContain('is not what create-base-image writes')
})

function image(change: object): object {
  const made = { id: 'i', bytes: 5, compressedBytes: 3, sizes: [], ...change }
  return { key: 'k', outputs: {}, image: made }
}

const wish = (directory: string, archive: string | null, force = false) => {
  const files = [{ file: 'Dockerfile', text: '' }]
  const craft = { kind: 'craft', craft: 'write-project', input: { files }, shown: [] }
  const plan = {
    directory,
    image: { archive },
    contents: { files: ['hello'] },
    steps: [{ pipeline: [craft] }],
  } as unknown as Plan
  return { plan, force }
}

posix('each place of an archive that is refused is told with its own way out', async () => {
  const at = await room()
  const refused = (archive: string, recorded = {}, force = false) =>
    refusal(() => checkArchivePlace(wish(join(at, 'p'), join(at, archive), force), recorded))
  mkdirSync(join(at, 'p'))
  mkdirSync(join(at, 'folder'))
  const AGAIN = 'Name another file with --output.'
  for (const force of [false, true]) {
    expect(refused('folder', {}, force)).toEqual({
      message: `${at}/folder is there and is not a regular file.`,
      todo: ['Name another file: --output ./my-image.tar'],
    })
    for (const own of ['.', 'p'])
      expect(refused(own, {}, force)).toEqual({
        message: `${join(at, own)} is the project folder or a folder above it.`,
        todo: ['Name a file: --output ./my-image.tar'],
      })
    for (const own of ['hello', 'HELLO', 'dockerfile', 'files/x', '.create-base-image/x'])
      expect(refused(`p/${own}`, {}, force)).toEqual({
        message: `${at}/p/${own} is a place that the project folder needs itself.`,
        todo: [AGAIN],
      })
  }
  put(at, 'there.tar', 'theirs')
  expect(refused('there.tar')).toEqual({
    message: `${at}/there.tar is there, and this project did not write it as it is.`,
    todo: ['Name another file with --output, or replace it with --force.'],
  })
  expect(refused('there.tar', { '../there.tar': digestOf('others') }).message).toContain('is there')
  expect(refused('there.tar/x').message).toBe(`${at}/there.tar/x can't be written (ENOTDIR).`)
})

posix('an archive may be where nothing is, and where this project wrote it', async () => {
  const at = await room()
  const taken = (archive: string | null, recorded = {}, force = false): void =>
    checkArchivePlace(wish(join(at, 'p'), archive && join(at, archive), force), recorded)
  const body = 'x'.repeat(3_000_000)
  put(at, 'there.tar', body)
  expect(readFileSync(join(at, 'there.tar')).length).toBe(body.length)
  taken(null)
  taken('new.tar')
  taken('p/out.tar')
  taken('p/hello.tar')
  taken('..p/x')
  taken('there.tar', {}, true)
  taken('there.tar', { '../there.tar': BEGUN })
  taken('there.tar', { '../there.tar': digestOf(body) })
})

test.skipIf(process.platform !== 'linux')(
  'a look at an archive leaves no file open (needs /proc)',
  async () => {
    const at = await room()
    const text = 'x'.repeat(3_000_000)
    const archive = put(at, 'image.tar', text)
    const directory = join(at, 'hello')
    const plan = { directory, image: { archive }, contents: null, steps: [] } as unknown as Plan
    const open = (): boolean =>
      readdirSync('/proc/self/fd').some(fd => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`) === archive
        } catch {
          return false
        }
      })
    const recorded = { '../image.tar': digestOf(text) }
    for (let look = 0; look < 5; look += 1) checkArchivePlace({ plan, force: false }, recorded)
    expect(open()).toBe(false)
  },
)
