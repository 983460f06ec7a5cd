import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import type { Given, MinimalAnswers } from '../../src/ask/answers.ts'
import { givenBy } from '../../src/ask/given.ts'
import { questions } from '../../src/ask/questions/index.ts'
import { NO_SETTINGS } from '../../src/ask/questions/settings.ts'
import { savedAnswers } from '../../src/ask/saved.ts'
import { commandLineOf, commandWordsOf } from '../../src/plan/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'given-'))
afterAll(() => rmSync(folder, { recursive: true }))

const given = (...argv: string[]) => givenBy(parseFlags(argv), folder) as Given<MinimalAnswers>

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return name
}

test('without a flag every answer has its default', () => {
  expect(given()).toEqual({
    answers: {
      version: 1,
      archs: [],
      kind: 'minimal',
      tag: 'hello',
      program: { kind: 'bundled' },
      libc: 'glibc',
      with: [],
      compileIn: 'auto',
      builder: 'ubuntu:20.04',
      arch: null,
      engine: 'auto',
      settings: NO_SETTINGS,
    },
    places: {
      directory: join(folder, 'hello'),
      output: join(folder, 'hello/hello.tar'),
      outputNamed: false,
      from: folder,
    },
    programNamed: false,
    verify: false,
    pull: false,
    offline: false,
    push: null,
    sign: null,
    words: [],
    today: new Date().toISOString().slice(0, 10),
  })
})

test("the folder takes the image's last name, without registry and tag", () => {
  expect(given('--tag', 'localhost:5000/team/tool:1.0').places).toEqual({
    directory: join(folder, 'tool'),
    output: join(folder, 'tool/tool.tar'),
    outputNamed: false,
    from: folder,
  })
})

test.each(['hello', 'a/b', 'a.b/c-d__e:V1.0', 'localhost:5000/x', 'Registry.example:80/a'])(
  '%s is an image name',
  name => expect(given('--tag', name).answers.tag).toBe(name),
)

test.each([
  ['Hello', 'it has capital letters', '--tag hello'],
  ['my image', 'it has spaces', '--tag my-image'],
  ['scratch', 'reserved', 'Choose another name'],
  ['a@sha256:00', 'digest', 'Give a name'],
  ['a:b c', 'is not a tag', 'A tag has'],
  ['a--', 'lower-case letters', '--tag a'],
  ['/a', 'lower-case letters', '--tag a'],
  ['a'.repeat(256), 'longer than 255', 'shorter'],
])('the image name %s is refused: %s', (name, why, advice) => {
  expect(() => given('--tag', name)).toThrow(why)
  try {
    given('--tag', name)
  } catch (error) {
    expect(String((error as { todo: string[] }).todo)).toContain(advice)
  }
})

test('a C file is source, any other file a ready program, both with their whole path', () => {
  const source = file('server.c', 'int main(void){return 0;}')
  const binary = file('server', 'ELF')
  expect(given('--program', source).answers.program).toEqual({
    kind: 'source',
    path: join(folder, 'server.c'),
  })
  expect(given('--program', `./${binary}`).answers.program).toEqual({
    kind: 'binary',
    path: join(folder, 'server'),
  })
  expect(given('--program', source).programNamed).toBe(true)
})

test('raw takes a message after a colon', () => {
  expect(given('--program', 'raw').answers.program).toEqual({ kind: 'raw', message: null })
  expect(given('--program', 'raw:Grüße: da').answers.program).toEqual({
    kind: 'raw',
    message: 'Grüße: da',
  })
})

test.each([
  ['nothing.c', 'there is no file'],
  ['.', 'is a folder'],
  ['with space.c', "can't be written in a Dockerfile"],
  ['Dockerfile', 'of its own'],
  [`raw:${'x'.repeat(5000)}`, 'longer than 4,096 bytes'],
])('--program %s is refused: %s', (text, why) => {
  file('with space.c', '')
  file('Dockerfile', '')
  expect(() => given('--program', text)).toThrow(why)
})

test.each([
  ['--libc', 'newlib', 'glibc, musl'],
  ['--compile-in', 'cloud', 'auto, container, host'],
  ['--engine', 'rkt', 'auto, docker, podman, none'],
  ['--arch', 'pdp11', 'amd64, arm64'],
  ['--kind', 'huge', 'minimal, full'],
])('%s %s is refused with the valid values', (flag, value, valid) => {
  try {
    given(flag, value)
    expect.unreachable()
  } catch (error) {
    expect(String((error as { todo: string[] }).todo)).toContain(valid)
  }
})

test('an architecture may be given by the kernel’s name for it', () => {
  expect(given('--arch', 'aarch64').answers.arch).toBe('arm64')
})

test('answers.json repeats the answers, its program beside it, and flags come before it', () => {
  const first = given(
    '--tag',
    'x:2',
    '--libc',
    'musl',
    '--program',
    file('tool.c', ''),
    '--arch',
    'arm64',
  )
  file('answers.json', JSON.stringify(savedAnswers(first.answers)))
  expect(given('--answers', 'answers.json').answers).toEqual(first.answers)
  expect(given('--answers', 'answers.json', '--libc', 'glibc').answers.libc).toBe('glibc')
})

test.each([
  ['{', 'is not JSON'],
  ['[]', 'not an object'],
  ['{"version":2}', 'version 2'],
  ['{"version":1,"colour":"red"}', 'no answer called "colour"'],
  ['{"version":1,"tag":7}', '"tag" must be text'],
  ['{"version":1,"tag":"A"}', 'it has capital letters'],
])('answers.json with %s is refused: %s', (text, why) => {
  expect(() => given('--answers', file('bad.json', text))).toThrow(why)
})

test('an answers file that is not there is named', () => {
  expect(() => given('--answers', 'none.json')).toThrow(/none\.json can't be read \(ENOENT\)/)
})

test.skipIf(process.platform === 'win32')(
  'an answers file that is a named pipe is refused, not waited for (not on Windows)',
  () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(() => given('--answers', 'pipe')).toThrow(/pipe is not a regular file/)
  },
)

test('the command that repeats answers holds only what is not a default', () => {
  const again = (...argv: string[]) => commandWordsOf(commandLineOf(given(...argv))).slice(1)
  expect(again()).toEqual(['create-base-image', '--yes'])
  expect(again('--tag', 'b', '--libc', 'musl')).toEqual([
    'create-base-image',
    '--yes',
    '--tag',
    'b',
    '--libc',
    'musl',
  ])
})

test('every question stands under the name of its flag', () => {
  for (const [key, question] of Object.entries(questions)) expect(question.name).toBe(key)
})

test('a file with the image’s name keeps its place: the folder takes another', () => {
  file('tool2', 'ELF')
  expect(given('--tag', 'tool2', '--program', './tool2').places.directory).toBe(
    join(folder, 'tool2-image'),
  )
})

test('--with keeps a fixed order, each once', () => {
  expect(given('--with', 'user, ca-certificates,user').answers.with).toEqual([
    'ca-certificates',
    'user',
  ])
})

test.each(['curl', 'user,', 'tzdata,Zones'])('--with %s is refused with what is valid', text => {
  try {
    given('--with', text)
    expect.unreachable()
  } catch (error) {
    expect((error as Error).message).toMatch(/^--with does not accept "/)
    expect((error as { todo: string[] }).todo[0]).toContain('ca-certificates, tzdata, user')
  }
})

test('extras are saved as their flag takes them, and not at all when there are none', () => {
  expect(savedAnswers(given().answers)).not.toHaveProperty('with')
  const all = given('--with', 'tzdata,ca-certificates')
  const { answers } = all
  const saved = savedAnswers(answers)
  expect(saved).toMatchObject({ with: 'ca-certificates,tzdata' })
  const again = file('with.json', JSON.stringify(saved))
  expect(given('--answers', again).answers).toEqual({ ...answers, arch: null })
  expect(commandWordsOf(commandLineOf(all)).join(' ')).toContain('--with ca-certificates,tzdata')
})

test('a program may not have the name of a folder that extras need in the image', () => {
  for (const name of ['tmp', 'usr.c']) {
    file(name, '')
    expect(() => given('--program', name, '--with', 'user')).toThrow(
      /and the program has that name/,
    )
    expect(given('--program', name).answers.with).toEqual([])
  }
  file('files', '')
  expect(() => given('--program', 'files')).toThrow(/has a files of its own/)
})
