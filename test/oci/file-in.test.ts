import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BrokenArchive } from '../../src/oci/errors.ts'
import { fileIn } from '../../src/oci/file-in.ts'
import { readRelease } from '../../src/run/crafts/read-release.ts'
import { craftContext } from '../run/crafts/craft-context.ts'
import { madeArchive, madeTar, type Made } from './make-tar.ts'
import { room } from './room.ts'

const archiveOf = async (...layers: (readonly Made[])[]): Promise<string> => {
  const archive = join(await room(), 'archive.tar')
  await writeFile(archive, madeArchive(layers.map(layer => madeTar(layer))))
  return archive
}

const LINKED: readonly Made[] = [
  { path: './usr/lib/os-release', body: 'ID=debian\nVERSION_CODENAME=bookworm\n' },
  { path: 'etc/os-release', type: '2', link: '../usr/lib/os-release' },
  { path: 'etc/lsb-release', body: 'other' },
]

test('a file is read through its link, whichever of the two comes first, and of the last layer', async () => {
  const read = async (...layers: (readonly Made[])[]) =>
    fileIn(await archiveOf(...layers), '/etc/os-release')
  expect(await read(LINKED)).toContain('VERSION_CODENAME=bookworm')
  expect(await read(LINKED.toReversed())).toContain('VERSION_CODENAME=bookworm')
  expect(await read(LINKED, [{ path: 'usr/lib/os-release', body: 'ID=later\n' }])).toBe(
    'ID=later\n',
  )
  expect(await read([{ path: 'etc/os-release', type: '2', link: '/nowhere' }])).toBeNull()
  expect(await read([{ path: 'a', body: 'a' }])).toBeNull()
})

test('an archive whose layer was changed is none to read from', async () => {
  const archive = join(await room(), 'archive.tar')
  const bytes = madeArchive([madeTar(LINKED)])
  await writeFile(
    archive,
    bytes.fill('trixie', bytes.indexOf('bookworm'), bytes.indexOf('bookworm') + 6),
  )
  await expect(fileIn(archive, '/etc/os-release')).rejects.toThrow(BrokenArchive)
})

test('the craft wants the whole line, and says what is there instead', async () => {
  const archive = await archiveOf(LINKED)
  const read = (line: string, file = '/etc/os-release') =>
    readRelease({ archive, file, line }, craftContext('/'))
  expect(await read('VERSION_CODENAME=bookworm')).toMatchObject({
    result: 'VERSION_CODENAME=bookworm',
  })
  await expect(read('VERSION_CODENAME=book')).rejects.toMatchObject({
    code: 'release-wrong',
    message: '/etc/os-release in the image has no line VERSION_CODENAME=book.',
  })
  await expect(read('A', '/etc/release')).rejects.toThrow('The image has no /etc/release.')
})
