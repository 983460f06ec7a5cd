import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { findRemedy, hintsOf, type RemedyContext } from '../../src/engine/remedies.ts'
import { ARCHIVE_ROWS } from '../../src/engine/remedies/archive-rows.ts'
import { COMPILER_ROWS } from '../../src/engine/remedies/compiler-rows.ts'
import { DAEMON_ROWS, INTERRUPTION_ROWS } from '../../src/engine/remedies/daemon-rows.ts'
import { ENGINE_ROWS } from '../../src/engine/remedies/engine-rows.ts'
import { HINT_ROWS } from '../../src/engine/remedies/hint-rows.ts'
import { PACKAGE_ROWS } from '../../src/engine/remedies/package-rows.ts'
import { PODMAN_ROWS } from '../../src/engine/remedies/podman-rows.ts'
import { PROGRAM_ROWS } from '../../src/engine/remedies/program-rows.ts'
import { REGISTRY_ROWS } from '../../src/engine/remedies/registry-rows.ts'
import { commandLineOf, commandWordsOf } from '../../src/plan/command-line.ts'
import { planFor } from '../../src/plan/plan.ts'
import { full, given as minimal, facts, noEngine } from '../plan/minimal/inputs.ts'

const folder = mkdtempSync(join(tmpdir(), 'cbi-advice-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'server.c'), 'int main(void) { return 0; }\n')

const LINES = [
  ['--program', 'server.c', '--builder', 'debian:bookworm-slim', '--with', 'user'],
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
]
const GROUPS = {
  ARCHIVE_ROWS,
  COMPILER_ROWS,
  DAEMON_ROWS,
  INTERRUPTION_ROWS,
  ENGINE_ROWS,
  HINT_ROWS,
}
const MORE = { PACKAGE_ROWS, PODMAN_ROWS, PROGRAM_ROWS, REGISTRY_ROWS }

/** The changes that advice makes to the command line of a run. */
const changes = Object.values({ ...GROUPS, ...MORE })
  .flat()
  .flatMap(({ code, todo }) =>
    Object.values(todo)
      .flat()
      .flatMap(line =>
        [...line.matchAll(/\{again ([^}]*)\}/g)].map(([, change = '']) => [code, change] as const),
      ),
  )

test.each(changes)('the command line that %s advises, by %s, is taken', (code, change) => {
  const isFull = change.includes('--bootstrap')
  for (const argv of isFull ? [['--release', 'bookworm', '--include', 'jq']] : LINES) {
    const words = commandWordsOf(commandLineOf(givenBy(parseFlags(argv), folder)), change)
    expect(words.slice(0, 2)).toEqual(['npx', 'create-base-image'])
    expect(() => givenBy(parseFlags(words.slice(2)), folder), code).not.toThrow()
  }
})

test('there is advice that was looked at', () => expect(changes.length).toBeGreaterThan(10))

/** A command of ours among the next ones is parsed as it would be typed. */
const checkNext = (next: readonly (readonly string[])[]): void => {
  for (const [first, second, third = '', ...rest] of next) {
    if (first !== 'npx') continue
    expect(second).toBe('create-base-image')
    if (third !== 'inspect') givenBy(parseFlags([third, ...rest]), '/home/ada')
    else expect(rest).toHaveLength(1)
  }
}

test('what comes next is taken by our own flags, for each way', () => {
  const cc = { compiler: { cc: 'cc', muslGcc: null } }
  for (const change of [cc, { ...noEngine, ...cc }, {}]) {
    const plans = [
      planFor(minimal('--with', 'tmp', '--compile-in', 'auto'), facts(change)),
      planFor(minimal('elsewhere', '--program', 'raw', '--', 'a b'), facts(change)),
    ]
    for (const { next, nextOfServer } of plans) {
      checkNext(next)
      checkNext(nextOfServer ?? [])
    }
  }
  checkNext(planFor(full('--release', 'bookworm'), facts()).next)
})

const context: RemedyContext = {
  platform: 'linux',
  client: 'docker',
  again: change => `AGAIN ${change}`,
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
    'If it wants words after its name, they come last: AGAIN -- WORDS',
  )
  expect(hints('usage: /usage FILE', true)).toBe('')
})
