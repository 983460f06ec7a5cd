import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ownSources } from '../../../src/run/rootfs/own-sources.ts'
import { newFolder } from '../../bootstrap/fetch/server.ts'

const write = async (more: string): Promise<string> => {
  const file = join(await newFolder(), 'mine.sources')
  writeFileSync(
    file,
    `Types: deb\nURIs: http://me:secret@a.test/debian/\nComponents: main\n${more}`,
  )
  return file
}

test('the image gets the file without its logins, and the keys that no package brings', async () => {
  const key = join(await newFolder(), 'tools.gpg')
  writeFileSync(key, 'key')
  const file = await write(`Suites: trixie\nSigned-By: ${key}\n`)
  const { suites, files } = ownSources(file, 'trixie')
  expect(suites).toEqual([
    {
      archive: 'http://me:secret@a.test/debian',
      suite: 'trixie',
      components: ['main'],
      role: 'release',
      optional: false,
      keys: [{ file: key, certificate: Buffer.from('key') }],
    },
  ])
  expect(files.map(({ path }) => path)).toEqual([
    '.create-base-image/copies/etc/apt/sources.list.d/mine.sources',
    `.create-base-image/copies${key}`,
  ])
  expect(Buffer.from(files[0]!.bytes).toString()).toContain('URIs: http://a.test/debian/\n')
})

test('a file that is not there, a key that is not there and a release that is not in it are named', async () => {
  expect(() => ownSources('/nowhere/a.sources', 'trixie')).toThrow(
    'there is no file /nowhere/a.sources',
  )
  const lost = await write('Suites: trixie\nSigned-By: /nowhere/key.gpg\n')
  expect(() => ownSources(lost, 'trixie')).toThrow('there is no file /nowhere/key.gpg')
  const other = await write('Suites: sid\n')
  expect(() => ownSources(other, 'trixie')).toThrow('has no suite trixie')
})

test('a folder gets all that it can be read from again, its keys before those of this machine', async () => {
  const key = join(await newFolder(), 'tools.gpg')
  writeFileSync(key, 'key')
  const file = await write(
    `Suites: trixie\nSigned-By: ${key}, /usr/share/keyrings/debian-archive-none.gpg\n`,
  )
  const { copies, suites } = ownSources(file, 'trixie')
  // A key of the distribution's that this machine lacks is among ours.
  expect(copies.map(({ path }) => path)).toEqual(['mine.sources', key.slice(1)])
  const elsewhere = await newFolder()
  for (const { path, bytes } of copies) {
    mkdirSync(join(elsewhere, dirname(path)), { recursive: true })
    writeFileSync(join(elsewhere, path), bytes)
  }
  writeFileSync(key, 'another')
  const again = ownSources(join(elsewhere, 'mine.sources'), 'trixie')
  expect(again.copies).toEqual(copies)
  expect(again.suites[0]!.keys![0]!.certificate).toEqual(suites[0]!.keys![0]!.certificate)
  expect(again.suites[0]!.archive).toBe('http://a.test/debian')
  const ours = await write(
    'Suites: trixie\nSigned-By: /usr/share/keyrings/debian-archive-none.gpg\n',
  )
  expect(ownSources(ours, 'trixie').suites[0]).not.toHaveProperty('keys')
})

test('two suites of one name are no matter for a lock', async () => {
  expect(ownSources(await write('Suites: trixie\n'), 'trixie').isLockable).toBe(true)
  const text =
    'Suites: trixie\n\nTypes: deb\nURIs: http://b.test\nSuites: trixie\nComponents: main\n'
  expect(ownSources(await write(text), 'trixie').isLockable).toBe(false)
})

test('only the keys of the distribution’s own packages may be lacking here', async () => {
  for (const key of [
    '/srv/usr/share/keyrings/debian-archive-none.gpg',
    '/usr/share/keyrings/debian-archive-none/own.gpg',
    '/usr/share/keyrings/mine.gpg',
  ]) {
    const file = await write(`Suites: trixie\nSigned-By: ${key}\n`)
    expect(() => ownSources(file, 'trixie'), key).toThrow(`there is no file ${key}`)
  }
  const file = await write('Suites: trixie\nSigned-By: /usr/share/keyrings/ubuntu-archive-x.gpg\n')
  expect(ownSources(file, 'trixie').files).toHaveLength(1)
})

test('what is no file of sources is told as what it is', async () => {
  const folder = await newFolder()
  expect(() => ownSources(folder, 'trixie')).toThrow(`--sources: ${folder} is not a regular file.`)
  const file = await write(`Suites: trixie\nSigned-By: ${folder}\n`)
  expect(() => ownSources(file, 'trixie')).toThrow(`${folder} is not a regular file.`)
})
