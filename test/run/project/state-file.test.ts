import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UsageError } from '../../../src/errors.ts'
import { fileDigest } from '../../../src/run/project/files.ts'
import { isUnlocked } from '../../../src/run/project/lock.ts'
import { faultOf, readState } from '../../../src/run/project/state-file.ts'
import { room } from '../../oci/room.ts'

const good = {
  version: 1,
  finished: true,
  answers: { tag: 'hello', version: 1 },
  written: { Dockerfile: 'ab' },
  archives: { '../hello.tar': 'begun' },
  issue: 'ef',
  steps: {
    compile: { key: 'k', outputs: { hello: 'ab', 'files/etc/x': 'cd' } },
    build: {
      key: 'k',
      outputs: {},
      image: { id: 'sha256:1', bytes: 5, compressedBytes: null, sizes: [{ bytes: 1, after: 'x' }] },
    },
  },
}

const folderWith = async (state: string): Promise<string> => {
  const at = await room()
  mkdirSync(join(at, '.create-base-image'))
  writeFileSync(join(at, '.create-base-image/state.json'), state)
  return at
}

test('what we write is read; no file is no state', async () => {
  expect(readState(await folderWith(JSON.stringify(good)))).toEqual(good)
  expect(readState(await room())).toBeNull()
})

const bad: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a list', []],
  ['another version', { ...good, version: 2 }],
  ['no answers', { ...good, answers: null }],
  ['an answer that is a table', { ...good, answers: { tag: {} } }],
  ['an answer of a million letters', { ...good, answers: { program: 'x'.repeat(1e6) } }],
  ['no steps', { ...good, steps: null }],
  ['a record of nothing', { ...good, steps: { compile: null } }],
  ['a record without outputs', { ...good, steps: { compile: { key: 'k' } } }],
  ['an output above the folder', { ...good, steps: { c: { key: 'k', outputs: { '../x': '' } } } }],
  ['an output at the root', { ...good, steps: { c: { key: 'k', outputs: { '/dev/zero': '' } } } }],
  ['an output on a drive', { ...good, steps: { c: { key: 'k', outputs: { 'C:\\x': '' } } } }],
  [
    'an image without sizes',
    { ...good, steps: { b: { key: '', outputs: {}, image: { id: '' } } } },
  ],
  ['written as a text', { ...good, written: 'all' }],
  ['a file above the folder', { ...good, written: { 'a/../../b': 'x' } }],
  ['an issue that is a list', { ...good, issue: ['ef'] }],
  ['finished as a text', { ...good, finished: 'yes' }],
]

test.each(bad)('a state with %s is refused with a way out', async (_, state) => {
  expect(faultOf(state)).not.toBeNull()
  const folder = await folderWith(JSON.stringify(state))
  const refusal = (): unknown => readState(folder)
  expect(refusal).toThrow(UsageError)
  expect(refusal).toThrow(/state\.json can't be used: it/)
})

test('a state that is no JSON, a link, a pipe or too big is refused, and nobody waits for it', async () => {
  await expect(folderWith('{').then(readState)).rejects.toThrow('it is not JSON')
  const huge = await folderWith(JSON.stringify({ ...good, more: 'x'.repeat(5e6) }))
  expect(() => readState(huge)).toThrow('it has more than 4000000 bytes')
  const linked = await room()
  mkdirSync(join(linked, '.create-base-image'))
  symlinkSync('/dev/zero', join(linked, '.create-base-image/state.json'))
  expect(() => readState(linked)).toThrow('it is a link')
  const piped = await room()
  mkdirSync(join(piped, '.create-base-image'))
  execFileSync('mkfifo', [
    join(piped, '.create-base-image/state.json'),
    join(piped, '.create-base-image/lock'),
  ])
  expect(() => readState(piped)).toThrow('it is not a regular file')
  expect(isUnlocked(piped)).toBe(true)
})

test('our own folders in the project folder may not be links out of it', async () => {
  for (const name of ['.create-base-image', 'files']) {
    const at = await room()
    symlinkSync(await room(), join(at, name))
    expect(() => readState(at)).toThrow(`${name} is a link`)
  }
})

test('a pipe, a device and a link have no digest, and an abort ends hashing', async () => {
  const at = await room()
  execFileSync('mkfifo', [join(at, 'pipe')])
  writeFileSync(join(at, 'file'), 'x')
  symlinkSync('file', join(at, 'link'))
  for (const path of [join(at, 'pipe'), join(at, 'link'), '/dev/zero', join(at, 'none')])
    expect(await fileDigest(path)).toBeNull()
  expect(await fileDigest(join(at, 'file'))).toMatch(/^2d711642b726b044/)
  const aborted = fileDigest(join(at, 'file'), AbortSignal.abort(new Error('stopped')))
  await expect(aborted).rejects.toThrow('stopped')
})
