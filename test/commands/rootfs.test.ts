import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { snapshot } from '../../src/ask/questions/root.ts'
import { BootstrapError } from '../../src/bootstrap/errors.ts'
import { main } from '../../src/cli.ts'
import { withoutLogins } from '../../src/bootstrap/deb/sources-file.ts'
import { choiceOf, releaseNamed } from '../../src/commands/root-choice.ts'
import { plainOf } from '../../src/commands/root-failure.ts'
import { ownOf } from '../../src/commands/root-own.ts'
import { checkPlaces, writeAt } from '../../src/commands/root-places.ts'
import { sbomPlaces } from '../../src/commands/root-sbom.ts'
import { FailedError } from '../../src/errors.ts'
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
  [['alpine:3.22'], 'This is for Debian and Ubuntu, and alpine:3.22 is Alpine 3.22.'],
  [['fedora'], 'An image of it: create-base-image --release fedora:'],
  [['bookworm', '--sbom', '/tmp/a.spdx.json', '--lock', '/'], '--lock: / is a folder.'],
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
  ['nothing', '--copy "nothing" is not SRC:DEST.'],
  ['a:b', '--copy "a:b" is not SRC:DEST.'],
  ['absent:/etc/a', '--copy: there is no file absent.'],
  ['/etc:/a', '--copy: /etc is not a regular file.'],
  ['a:/../etc/a', 'is not a path in the tree'],
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
  ['sbom.json', 'its extension must name the format'],
  ['a.spdx.json,b.txt', '--sbom b.txt'],
])('--sbom %s is refused', (text, words) => {
  expect(() => sbomPlaces(text, '/')).toThrow(words)
})

test('a processor is named as everywhere else, and an unknown one is refused before anything is fetched', () => {
  const archOf = (arch: string) => {
    const release = releaseNamed('bookworm', '')
    const facts = { archive: null, arch: 'amd64' }
    const words = { positionals: [], values: { arch }, switches: new Set<string>() }
    return choiceOf(words, { release, lock: null, facts, arch: 'amd64', cwd: '/' }).arch
  }
  expect(archOf('aarch64')).toBe('arm64')
  expect(() => archOf('z80')).toThrow('--arch does not accept "z80"')
})

test('a keyring that is not there is refused before anything is fetched', () => {
  const release = releaseNamed('bookworm', '')
  const words = { positionals: [], values: { keyring: 'no.gpg' }, switches: new Set<string>() }
  const context = { release, lock: null, facts: { archive: null, arch: 'amd64' }, arch: 'amd64' }
  expect(() => choiceOf(words, { ...context, cwd: '/' })).toThrow(
    '--keyring: there is no file no.gpg',
  )
})

test('a snapshot of a day to come is refused', () => {
  expect(() => snapshot.parse('2099-01-01', '/')).toThrow('is in the future')
  expect(snapshot.parse('2026-07-01', '/')).toBe('20260701T000000Z')
})

test('what is said of several packages is told in one line', () => {
  const lines = 'There is no package a.\nb is not there.\nc'
  const error = plainOf(new BootstrapError('include-unknown', lines, [])) as Error
  expect(error.message).toBe('There is no package a. b is not there. c')
})

test('where files are to go is looked at before the work, and what can’t be written is told in our words', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'file'), '')
  expect(() => checkPlaces([{ flag: '--lock', path: join(folder, 'file/lock') }])).toThrow(
    "/file/lock can't be written",
  )
  expect(() => checkPlaces([{ flag: '--lock', path: join(folder, 'new/deep/lock') }])).not.toThrow()
  await writeAt(join(folder, 'new/deep/lock'), 'a')
  expect(await readFile(join(folder, 'new/deep/lock'), 'utf8')).toBe('a')
  await expect(writeAt(join(folder, 'file/lock'), 'a')).rejects.toThrow(FailedError)
})
