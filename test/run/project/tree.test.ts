import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { imageFiles } from '../../../src/run/project/image-files.ts'
import type { Project } from '../../../src/run/project/project.ts'
import {
  imageMode,
  makeOpenFolder,
  openModes,
  prepareTree,
  refuseLinks,
} from '../../../src/run/project/tree.ts'
import { room } from '../../oci/room.ts'

const posix = test.skipIf(process.platform === 'win32')
const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8)

const prepared = (directory: string, kind: Project['kind']): Promise<string[]> =>
  prepareTree({ directory, kind } as Project)

posix('a tree of the same answers becomes readable for all, and its /tmp writable', async () => {
  const at = await room()
  mkdirSync(join(at, 'files/tmp/own'), { recursive: true })
  writeFileSync(join(at, 'files/run'), '', { mode: 0o700 })
  writeFileSync(join(at, 'files/read'), '', { mode: 0o600 })
  for (const path of ['files', 'files/tmp', 'files/tmp/own']) chmodSync(join(at, path), 0o700)
  expect(await prepared(at, 'resumed')).toEqual([])
  const modes = ['', '/tmp', '/tmp/own', '/run', '/read'].map(path => modeOf(`${at}/files${path}`))
  expect(modes).toEqual(['755', '1777', '755', '755', '644'])
})

posix('a tree of other answers is set aside, and the one before it goes', async () => {
  const at = await room()
  for (const [path, text] of [
    ['files', 'new'],
    ['files.old', 'old'],
  ] as const) {
    mkdirSync(join(at, path))
    writeFileSync(join(at, path, 'text'), text)
  }
  expect(await prepared(at, 'replaced')).toEqual(['set files aside as files.old'])
  expect(readdirSync(at)).toEqual(['files.old'])
  expect(readFileSync(join(at, 'files.old/text'), 'utf8')).toBe('new')
})

posix('where there is no tree of the project’s own, nothing is done', async () => {
  const at = await room()
  expect(await prepared(at, 'replaced')).toEqual([])
  mkdirSync(join(at, 'elsewhere'), { mode: 0o700 })
  symlinkSync('elsewhere', join(at, 'files'))
  for (const kind of ['resumed', 'replaced'] as const) expect(await prepared(at, kind)).toEqual([])
  expect(modeOf(join(at, 'elsewhere'))).toBe('700')
  expect(existsSync(join(at, 'files.old'))).toBe(false)
})

posix(
  'a folder is made open for all with those above it, free of what a dead run left',
  async () => {
    const at = await room()
    mkdirSync(join(at, 'a'), { mode: 0o700 })
    writeFileSync(join(at, 'a/x.part-4194305'), '')
    writeFileSync(join(at, 'a/kept'), '')
    chmodSync(at, 0o700)
    expect(await makeOpenFolder(at, 'a/b//c/')).toBe(join(at, 'a/b/c'))
    expect(['a', 'a/b', 'a/b/c'].map(path => modeOf(join(at, path)))).toEqual(['755', '755', '755'])
    // The folder that it is made in is somebody else's.
    expect(modeOf(at)).toBe('700')
    expect(readdirSync(join(at, 'a')).toSorted()).toEqual(['b', 'kept'])
  },
)

posix('nothing is written through a link, wherever on the way it stands', async () => {
  const at = await room()
  mkdirSync(join(at, 'real/deep'), { recursive: true })
  symlinkSync('real', join(at, 'link'))
  symlinkSync('../real', join(at, 'real/up'))
  const refused = {
    code: 'link',
    message: `${at}/link is a link, and nothing is written through a link.`,
    todo: ['Put what it leads to in its place, or remove it, then run the same command again.'],
  }
  await expect(refuseLinks(at, 'link/deep')).rejects.toMatchObject(refused)
  await expect(makeOpenFolder(at, 'link/new')).rejects.toMatchObject(refused)
  await expect(refuseLinks(at, './real/./up')).rejects.toMatchObject({ code: 'link' })
  expect(existsSync(join(at, 'real/new'))).toBe(false)
  await refuseLinks(at, 'real/deep/nothing/here')
  await refuseLinks(at, '.')
})

posix('links among the files are left as they are', async () => {
  const at = await room()
  mkdirSync(join(at, 'files'))
  writeFileSync(join(at, 'outside'), '', { mode: 0o600 })
  symlinkSync('../outside', join(at, 'files/link'))
  await openModes(join(at, 'files'))
  expect(modeOf(join(at, 'outside'))).toBe('600')
  await expect(imageFiles(at, [], 'files')).rejects.toMatchObject({
    code: 'no-file',
    message: `${at}/files/link is neither a file nor a folder, so it can't go into the image.`,
    todo: ['Put a file in its place: a link becomes one by cp --dereference.'],
  })
})

posix(
  'what goes into the image is the programs and the tree, sorted, each with its mode',
  async () => {
    const at = await room()
    mkdirSync(join(at, 'files/etc/deep'), { recursive: true })
    writeFileSync(join(at, 'files/b'), '', { mode: 0o755 })
    writeFileSync(join(at, 'files/etc/deep/a'), '', { mode: 0o600 })
    expect(await imageFiles(at, ['hello'], null)).toEqual([
      { path: 'hello', source: { path: join(at, 'hello') }, mode: 0o755 },
    ])
    const found = await imageFiles(at, ['hello'], 'files')
    expect(found.map(({ path, mode }) => [path, mode])).toEqual([
      ['hello', 0o755],
      ['b', 0o755],
      ['etc/deep/a', 0o644],
    ])
    expect(found[2]!.source).toEqual({ path: join(at, 'files/etc/deep/a') })
  },
)

posix('what its owner may run everybody may, and nothing else', () => {
  expect([0o700, 0o4511, 0o644, 0o011].map(imageMode)).toEqual([0o755, 0o755, 0o644, 0o644])
})
