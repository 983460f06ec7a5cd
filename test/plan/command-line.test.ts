import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { commandLineOf, commandWordsOf } from '../../src/plan/command-line.ts'
import { lineFor } from '../../src/text/shell-words.ts'

const folder = mkdtempSync(join(tmpdir(), 'cbi-line-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
for (const name of ['server.c', 'tool', 'my tool.c']) writeFileSync(join(folder, name), 'x')

const given = (...argv: string[]) => givenBy(parseFlags(argv), folder)
const again = (argv: string[], change = '') =>
  commandWordsOf(commandLineOf(given(...argv)), change).slice(2)

test.each([
  [['--yes']],
  [['--tag', 'a:1', '--libc', 'musl', '--with', 'user,tmp']],
  [['clean', '--program', 'server.c', '--compile-in', 'container', '--builder', 'debian:12']],
  [['My Image/']],
  [['a:b']],
  [['.', '--program', './tool', '--arch', 'arm64', '--engine', 'podman']],
  [['--program', 'raw:--a "b"', '--engine', 'none', '--output', 'out/x.tar']],
  [['--program', 'server.c', '--', '--port', '80', '']],
  [['--release', 'bookworm', '--slim', '--include', 'curl,jq', '--verify']],
  [['--release', 'noble', '--mirror', 'http://mirror.example/ubuntu', '--bootstrap', 'host']],
])('%j leads to answers that its own command line gives again', argv => {
  const first = given(...argv)
  expect(givenBy(parseFlags(again(argv)), folder)).toEqual({
    ...first,
    programNamed: again(argv).includes('--program'),
  })
})

test('a change sets a flag, adds to a list, takes one out, or gives words', () => {
  expect(again(['--yes'], '--libc musl')).toEqual(['--yes', '--libc', 'musl'])
  expect(again(['--with', 'user'], '--with +tmp --force')).toEqual([
    '--yes',
    '--with',
    'user,tmp',
    '--force',
  ])
  expect(again(['--arch', 'arm64', 'x'], '-arch')).toEqual(['--yes', '--tag', 'x'])
  expect(again(['a/x'])).toEqual(['./a/x', '--yes'])
  expect(again(['a/x', '--tag', 'hello'])).toEqual(['./a/x', '--yes', '--tag', 'hello'])
  expect(again(['--yes'], '-- WORDS')).toEqual(['--yes', '--', 'WORDS'])
})

test('no password of a mirror is in it', () => {
  const words = again(['--release', 'noble', '--mirror', 'http://me:secret@m.example/ubuntu'])
  expect(words.join(' ')).toContain('--mirror http://m.example/ubuntu')
  expect(words.join(' ')).not.toContain('secret')
})

test('it is quoted for the shell of the system', () => {
  const words = ['npx', 'create-base-image', '--tag', 'a', '--with', 'user,tmp', "it's", '--']
  expect(lineFor('linux', words)).toBe(
    String.raw`npx create-base-image --tag a --with user,tmp 'it'\''s' --`,
  )
  // In PowerShell a comma makes a list, and a bare -- is dropped.
  expect(lineFor('win32', words)).toBe(
    'npx create-base-image --tag a --with "user,tmp" "it\'s" "--"',
  )
  expect(lineFor('win32', ['a $b'])).toBe("'a $b'")
})
