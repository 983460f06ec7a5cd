import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { questions } from '../../src/ask/questions/index.ts'
import { decoded } from '../../src/ask/text-file.ts'
import { asShellTakes, withHome } from '../../src/ask/typed-path.ts'
import { UsageError } from '../../src/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'cbi-brought-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'my dir'))
for (const name of ['my dir/usage.c', "it's.c", 'proc.c', 'dev', 'sys.c', 'etc', 'run.c'])
  writeFileSync(join(folder, name), 'int main(void) { return 0; }\n')
writeFileSync(join(folder, 'wide.c'), Buffer.from('\uFEFFint main', 'utf16le'))

test.each([
  ["'my dir/usage.c'", 'my dir/usage.c'],
  ["'my dir/usage.c' ", 'my dir/usage.c'],
  ['"my dir/usage.c"', 'my dir/usage.c'],
  [String.raw`my\ dir/usage.c`, 'my dir/usage.c'],
  [String.raw`'it'\''s.c'`, "it's.c"],
  ["& 'my dir/usage.c'", 'my dir/usage.c'],
  ['my dir/usage.c', 'my dir/usage.c'],
])('a path that was typed or dropped as %s is taken as a shell would', (typed, path) => {
  expect(asShellTakes(typed, folder)).toBe(path)
})

test('~ is the home folder, alone and before a slash', () => {
  expect(withHome('~/usage.c')).toBe(`${homedir()}/usage.c`)
  expect(withHome('~')).toBe(homedir())
  expect(withHome('~other/x')).toBe('~other/x')
  expect(questions.directory.parse('~/my-app', folder)).toBe(join(homedir(), 'my-app'))
})

test('answers are read with a byte order mark and in UTF-16', () => {
  const text = JSON.stringify({ version: 1, tag: 'brought' })
  const encodings = {
    'bom.json': Buffer.from(`\uFEFF${text}`),
    'wide.json': Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'big.json': Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  }
  for (const [name, bytes] of Object.entries(encodings)) {
    writeFileSync(join(folder, name), bytes)
    expect(givenBy(parseFlags(['--answers', name]), folder).answers.tag, name).toBe('brought')
  }
  expect(decoded(Buffer.from([0xfe, 0xff, 0x00]))).toBe('')
})

test('what no compiler takes, and names that engines need, are refused before anything is made', () => {
  const parse = (name: string) => () => questions.program.parse(name, folder)
  expect(parse('wide.c')).toThrow(/text in UTF-16/)
  expect(parse('my dir')).toThrow(/is a folder/)
  for (const name of ['proc.c', 'dev', 'sys.c', 'etc', 'run.c'])
    expect(parse(name), name).toThrow(/an engine needs a folder there/)
})

test.each([
  ['armhf', 'arm'],
  ['arm/v7', 'arm'],
  ['linux/arm64', 'arm64'],
  ['linux/arm64/v8', 'arm64'],
  ['ppc64el', 'ppc64le'],
  ['AArch64', 'arm64'],
])('--arch %s is %s', (text, arch) => {
  expect(questions.arch.parse(text, '')).toEqual([arch])
})

test.each([
  ['oldstable', 'bookworm'],
  ['rolling', 'stonking'],
  ['debian:12', 'bookworm'],
  ['debian12', 'bookworm'],
  ['13.1', 'trixie'],
  ['12.11', 'bookworm'],
  ['24.04.2', 'noble'],
  ['24.04.2 LTS', 'noble'],
])('--release %s is %s', (text, codename) => {
  expect(questions.release.parse(text, '').codename).toBe(codename)
})

test('names that an engine refuses at the end are refused at the beginning', () => {
  for (const text of ['a'.repeat(64), 'Foo/bar', 'library/scratch', 'docker.io/library/scratch'])
    expect(() => questions.tag.parse(text, ''), text).toThrow(UsageError)
  expect(questions.tag.parse('a'.repeat(63), '')).toBe('a'.repeat(63))
  expect(() => questions.tag.parse('hell\u043E', '')).toThrow(/"о" \(U\+043E\) is not a letter/)
  expect(() => questions.tag.parse('a:\u0432\u0435\u0440', '')).toThrow(/U\+0432/)
})

test('no advice for a name is refused itself', () => {
  for (const text of [
    'http://reg/x',
    '[::1]:5000/foo',
    'Foo Bar',
    'UPPER',
    '__',
    'a..b',
    'Foo/bar',
  ]) {
    try {
      questions.tag.parse(text, '')
      expect.unreachable(text)
    } catch (error) {
      const tried = (error as UsageError).todo.map(line => /--tag (\S+)/.exec(line)?.[1])
      for (const name of tried) if (name !== undefined) questions.tag.parse(name, '')
    }
  }
})
