import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import { withoutLogins } from '../../src/bootstrap/deb/sources-file.ts'
import { ownOf } from '../../src/commands/root-own.ts'
import { sbomPlaces } from '../../src/commands/root-sbom.ts'
import type { Io } from '../../src/terminal/io.ts'
import { newFolder } from '../bootstrap/fetch/server.ts'

/** Runs the command where there is no engine; gives its exit code and what it wrote to stderr. */
const run = async (...argv: string[]): Promise<[number, string]> => {
  let text = ''
  const out = { write: () => undefined }
  const err = { write: (more: string) => void (text += more) }
  const io = { out, err, env: { PATH: '/nowhere' }, cwd: '/' } as unknown as Io
  return [await main(['rootfs', ...argv], io), text]
}

test.each([
  [['debian:bokworm'], 'There is no release debian:bokworm of Debian or Ubuntu.'],
  [['alpine'], 'There is no release alpine of Debian or Ubuntu.'],
  [['bookworm', '--updates', '--no-updates'], '--updates and --no-updates exclude each other.'],
  [['bookworm', '--includ', 'curl'], 'Did you mean --include?'],
  [[], 'Usage: create-base-image rootfs'],
])('%j is wrong usage', async (argv, words) => {
  const [code, text] = await run(...argv)
  expect(text).toContain(words)
  expect(code).toBe(2)
})

test('a name that resembles one is offered', async () => {
  expect((await run('debian:bokworm'))[1]).toContain('Did you mean bookworm')
})

test('without an engine and namespaces it says that one of them is needed', async () => {
  const [code, text] = await run('bookworm')
  expect(text).toContain('an engine is needed here')
  expect(text).toContain('docs.docker.com/engine/install')
  expect(text).not.toContain('--engine none')
  expect(code).toBe(3)
})

test('a copy of sources without its users and passwords is told of before anything else', async () => {
  const file = join(await newFolder(), 'mine.sources')
  const text = 'Types: deb\nURIs: http://me:x@a.test/d\nSuites: bookworm\nComponents: main\n'
  await writeFile(file, withoutLogins(text))
  const [, said] = await run('bookworm', '--sources', file)
  expect(said).toMatch(
    /^\S+mine\.sources is without the user and the password of http:\/\/a\.test\/d, .*--sources FILE\n/,
  )
  expect((await run('bookworm', '--sources', file, '--offline'))[1]).not.toContain('is without')
  await writeFile(file, text)
  expect((await run('bookworm', '--sources', file))[1]).not.toContain('is without')
})

test.each([
  ['nothing', '--copy "nothing" is no SRC:DEST.'],
  ['a:b', '--copy "a:b" is no SRC:DEST.'],
  ['absent:/etc/a', '--copy: there is no file absent.'],
  ['/etc:/a', '--copy: /etc is not a regular file.'],
  ['a:/../etc/a', 'is no place in the tree'],
])('--copy %s is refused', (copy, words) => {
  expect(() => ownOf({ copy }, '/nowhere')).toThrow(words)
})

test('files keep their bits, a place with a slash is a folder, and a hook must say what runs it', async () => {
  const folder = await newFolder()
  const path = (name: string) => join(folder, name)
  await writeFile(path('motd'), 'hello', { mode: 0o640 })
  await writeFile(path('hook'), '#!/bin/sh\n')
  const found = ownOf({ copy: 'motd:/etc/,motd:/bin/x', hook: 'hook' }, folder)
  expect(found.map(one => `${one.path} ${one.mode.toString(8)}`)).toEqual([
    '.create-base-image/copies/etc/motd 640',
    '.create-base-image/copies/bin/x 640',
    '.create-base-image/hook 755',
  ])
  expect(() => ownOf({ hook: 'motd' }, folder)).toThrow('motd does not begin with #!')
})

test.each([
  ['sbom.json', 'its ending must say which form it has'],
  ['a.spdx.json,b.txt', '--sbom b.txt'],
])('--sbom %s is refused', (text, words) => {
  expect(() => sbomPlaces(text, '/')).toThrow(words)
})
