import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { changedIfTaken } from '../../src/app/changed-command.ts'
import { findCommand, type CommandName } from '../../src/ask/commands.ts'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { commandWords } from '../../src/ask/words.ts'
import type { Facts } from '../../src/engine/facts.ts'
import { findRemedy, hintsOf, type RemedyContext } from '../../src/engine/remedies.ts'
import { commandWordsOf } from '../../src/plan/command-line.ts'
import { planFor } from '../../src/plan/plan.ts'
import { engine, facts, noEngine } from '../plan/minimal/inputs.ts'
import { ALL_ROWS } from './rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'cbi-advice-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'server'), '\x7fELF')
writeFileSync(join(folder, 'server.c'), 'int main(void) { return 0; }\n')

/** The changes that advice makes to the command line of a run. */
const changes = Object.values(ALL_ROWS)
  .flat()
  .flatMap(({ code, todo }) =>
    Object.values(todo)
      .flat()
      .flatMap(line =>
        [...line.matchAll(/\{changed ([^}]*)\}/g)].map(
          ([, change = '']) => [code, change] as const,
        ),
      ),
  )

const cc = { compiler: { cc: 'cc', muslGcc: null } }
const podman = { ...engine, kind: 'podman', client: 'podman', builder: 'podman' } as const

/** Runs that can fail, by their words and by the machine. */
const STATES: Readonly<Record<string, readonly [readonly string[], Partial<Facts>]>> = {
  'the lesson': [[], {}],
  'the lesson, compiled here': [[], cc],
  'the lesson, compiled here and nowhere else': [['--compile-in', 'host'], cc],
  'no engine': [['--engine', 'none'], { ...cc, ...noEngine }],
  'no engine that was asked for': [['--engine', 'none', '--with', 'user'], cc],
  'a file of one’s own': [
    ['--program', 'server.c', '--builder', 'debian:bookworm-slim', '--with', 'user'],
    {},
  ],
  'many answers': [
    [
      'my-app',
      '--tag',
      'a/b:1',
      '--arch',
      'arm64',
      '--engine',
      'podman',
      '--compile-in',
      'container',
    ],
    { engine: podman },
  ],
  'a ready program': [['elsewhere', '--program', 'server', '--', 'a b'], {}],
  'several architectures': [['--arch', 'amd64,arm64', '--compile-in', 'container'], {}],
  'a full image': [['--release', 'bookworm', '--include', 'jq'], {}],
  'a full image by debootstrap': [['--release', 'noble', '--bootstrap', 'debootstrap'], {}],
  'a full image for others': [
    ['--release', 'noble', '--bootstrap', 'debootstrap', '--arch', 'arm64'],
    {},
  ],
  'a full image by apk': [['--release', 'alpine'], {}],
  'a full image on a Mac': [['--release', 'bookworm'], { platform: 'darwin', host: null }],
}
const stateOf = (name: string) => {
  const [argv, change] = STATES[name]!
  const found = facts(change)
  return { plan: planFor(givenBy(parseFlags(argv), folder), found), facts: found }
}

/** Reads the words of a command of ours as if they had been typed, and plans what they ask for. */
const typed = (words: readonly string[], on: Facts): void => {
  const [npx, ours, third = '', ...rest] = words
  expect([npx, ours]).toEqual(['npx', 'create-base-image'])
  const command = findCommand(third)
  if (command === undefined) planFor(givenBy(parseFlags([third, ...rest]), folder), on)
  else commandWords(rest, command.name as CommandName)
}

describe.each(Object.keys(STATES))('%s', name => {
  test.each(changes)('what %s advises, by %s, is taken, or is not advised', (_, change) => {
    const { plan, facts: on } = stateOf(name)
    const line = changedIfTaken(plan, on, folder)(change)
    if (line !== null) typed(commandWordsOf(plan.commandLine, change), on)
  })

  test('what comes next is taken', () => {
    const { plan, facts: on } = stateOf(name)
    const next = [...plan.next, ...(plan.nextOfServer ?? [])].filter(([first]) => first === 'npx')
    for (const words of next) typed(words, on)
  })
})

test('there is advice that was looked at', () => expect(changes.length).toBeGreaterThan(10))

/** What each of these would advise is refused in that state, and something else is said in its place. */
test.each([
  ['no engine', 'cc: cannot find -lc', 'compiler', 'libc6-dev'],
  ['no engine', "undefined reference to `arc4random'", 'compiler', '--program FILE'],
  ['several architectures', "undefined reference to `strlcpy'", 'compiler', 'debian:trixie-slim'],
  ['a full image for others', 'requires a mounted proc fs', 'packages', 'RUN line'],
  ['a full image by apk', 'requires a mounted proc fs', 'packages', 'RUN line'],
  ['a full image on a Mac', 'requires a mounted proc fs', 'packages', 'RUN line'],
] as const)('of %s, "%s" gets advice that is taken', (name, text, voice, word) => {
  const { plan, facts: on } = stateOf(name)
  const again = changedIfTaken(plan, on, folder)
  const found = findRemedy(text, {
    platform: 'linux',
    host: name === 'no engine',
    voice,
    changed: change => again(change) && `AGAIN ${change}`,
  })
  expect(found?.todo.join('\n')).toContain(word)
  expect(found?.todo.join('\n')).not.toMatch(/AGAIN.*(?:--compile-in|--libc musl|--bootstrap)/)
})

const context: RemedyContext = {
  platform: 'linux',
  client: 'docker',
  changed: change => `AGAIN ${change}`,
}
const code = (text: string, more: Partial<RemedyContext> = {}) =>
  findRemedy(text, { ...context, ...more })?.code ?? null

test('a compiler that quotes a source is not taken for an engine or a package manager', () => {
  for (const text of [
    'x.c:3: error: expected ";" before "connection reset by peer"',
    'x.c:4: note: puts("no such image: x"); unauthorized',
    'x.c:4: warning: "Temporary failure resolving \'x\'"',
  ])
    expect(code(text, { voice: 'compiler' }), text).toBeNull()
  expect(code('cc1: out of memory allocating 65536 bytes', { voice: 'compiler' })).toBe(
    'out-of-memory',
  )
})

test('the older C library is named as the cause, with the ways out', () => {
  const text = "x.c:(.text+0x1b): undefined reference to `strlcpy'"
  expect(findRemedy(text, { ...context, voice: 'compiler' })).toMatchObject({
    code: 'older-glibc',
    todo: [
      'Compile in a newer builder: AGAIN --builder debian:trixie-slim',
      'Or link musl, which has it: AGAIN --libc musl',
    ],
  })
  expect(code("undefined reference to `arc4random'", { voice: 'compiler' })).toBe('older-glibc')
  expect(code("undefined reference to `deflate'", { voice: 'compiler' })).toBe('no-function')
  expect(
    code('x.c:1:10: fatal error: mine.h: No such file or directory', { voice: 'compiler' }),
  ).toBe('no-header')
})

test('a full disk has one cause and one exit code, and no advice of an engine that has no part in it', () => {
  for (const text of [
    "E: You don't have enough free space in /var/cache/apt/archives/.",
    'cc1: fatal error: error writing to x.s: No space left on device',
  ]) {
    const found = findRemedy(text, { ...context, voice: 'packages' })
    expect(found).toMatchObject({ code: 'no-space', lacks: true })
    expect(JSON.stringify(findRemedy(text, { platform: 'linux', host: true }))).not.toMatch(
      /docker|prune/,
    )
  }
})

test('a mirror that is wrong is told as what it is', () => {
  const all = { voice: 'packages' } as const
  expect(code('E: No answer from http://127.0.0.1:3142/debian', all)).toBe('archive-loopback')
  expect(code('E: A request was refused (400) by http://m.example/', all)).toBe('archive-refused')
  expect(code('E: An error (503) came from the server of http://m.example', all)).toBe(
    'archive-busy',
  )
  expect(code("W: jq was corrupt\nE: Couldn't download packages: jq", all)).toBe('package-tampered')
  expect(code('the java command requires a mounted proc fs (/proc).', all)).toBe('needs-proc')
})

test('what a program says leads to what a scratch image lacks, and else to words for it', () => {
  const hints = (text: string, hadWords = false) => hintsOf(text, context, hadWords).join(' ')
  expect(hints('/tmp/abXXXXXX: No such file or directory')).toContain('AGAIN --with +tmp --force')
  expect(hints('x509: certificate signed by unknown authority')).toContain('+ca-certificates')
  expect(hints('usage: /usage FILE')).toBe(
    'If it only needs arguments, they come last: AGAIN -- WORDS',
  )
  expect(hints('usage: /usage FILE', true)).toBe('')
})
