import { expect, test } from 'vitest'
import { inspectFile, type FileKind } from '../../src/elf/file-kind.ts'
import type { ElfFacts } from '../../src/elf/read.ts'
import { refusal } from '../../src/elf/refusal.ts'
import { compile, compiles } from './samples.ts'

const elf = (facts: Partial<ElfFacts> = {}): FileKind => ({
  kind: 'elf',
  size: 1000,
  elf: {
    arch: 'amd64',
    bits: 64,
    endian: 'little',
    system: 'Linux',
    type: 'executable',
    linkage: 'static',
    interpreter: null,
    needed: [],
    entry: '0x401000',
    ...facts,
  },
})

const dynamic = (interpreter: string | null, ...needed: string[]): FileKind =>
  elf({ linkage: 'dynamic', interpreter, needed })

test('a static program for the architecture of the image may go in', () => {
  expect(refusal(elf(), 'hello', 'amd64')).toBeNull()
  expect(refusal(elf({ linkage: 'static-pie' }), 'hello', 'amd64')).toBeNull()
  expect(refusal(elf({ arch: 's390x' }), 'hello', 's390x')).toBeNull()
})

test('a dynamic program is refused with what it needs and how to compile it', () => {
  const file = dynamic('/lib64/ld-linux-x86-64.so.2', 'libc.so.6')
  expect(refusal(file, 'hello', 'amd64')).toEqual({
    code: 'dynamic',
    what: 'hello needs /lib64/ld-linux-x86-64.so.2 and libc.so.6; a scratch image has neither. Compile with -static.',
    todo: [
      'In C: gcc -static -o hello hello.c',
      'In Go: CGO_ENABLED=0 go build -o hello',
      'In Rust: cargo build --release --target x86_64-unknown-linux-musl',
    ],
  })
})

test.skipIf(process.arch !== 'x64' || !compiles([]))(
  'the words hold for a real program by gcc (needs gcc on amd64)',
  async () => {
    const file = await inspectFile(compile([]) ?? '')
    expect(refusal(file, 'hello', 'amd64')?.what).toBe(
      'hello needs /lib64/ld-linux-x86-64.so.2 and libc.so.6; a scratch image has neither. Compile with -static.',
    )
  },
)

test.each([
  [dynamic('/ld'), 'hello needs /ld; a scratch image does not have it.'],
  [dynamic(null, 'a', 'b'), 'hello needs a and b; a scratch image has neither.'],
  [dynamic('/ld', 'a', 'b'), 'hello needs /ld, a and b; a scratch image has none of them.'],
  [dynamic('/ld', 'a', 'b', 'c', 'd'), 'hello needs /ld, a, b, c and d; a scratch image has none'],
  [dynamic('/ld', 'a', 'b', 'c', 'd', 'e'), 'hello needs /ld, a, b, c and 2 more; a scratch'],
])('the needs read as a sentence, %#', (file, words) => {
  expect(refusal(file, 'hello', 'amd64')?.what).toContain(words)
})

test('a program for another architecture is refused with both names and two ways out', () => {
  expect(refusal(elf({ arch: 'arm64' }), 'hello', 'amd64')).toEqual({
    code: 'wrong-arch',
    what: 'hello is made for arm64, but the image is for amd64.',
    todo: [
      'Compile it for amd64: x86_64-linux-gnu-gcc -static -o hello hello.c',
      'In Go: CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o hello',
      'Or make the image for arm64: --arch arm64',
    ],
  })
})

test('no image is offered for a machine that has no name', () => {
  const refused = refusal(elf({ arch: 'machine 0x1234' }), 'hello', 'sparc64')
  expect(refused?.what).toBe('hello is made for machine 0x1234, but the image is for sparc64.')
  expect(refused?.todo).toEqual([
    'Compile it on a machine with sparc64: gcc -static -o hello hello.c',
  ])
})

test.each<[FileKind, string, string, string]>([
  [
    elf({ type: 'shared', linkage: 'dynamic' }),
    'shared-library',
    'shared library',
    '-o hello hello.c',
  ],
  [elf({ type: 'relocatable' }), 'object-file', 'object file', 'gcc -static'],
  [elf({ type: 'core' }), 'core-file', 'core file', 'the program itself'],
  [elf({ system: 'FreeBSD' }), 'wrong-system', 'FreeBSD', 'GOOS=linux GOARCH=amd64'],
  [{ kind: 'script', interpreter: '/bin/sh' }, 'script', '/bin/sh', 'static program'],
  [
    { kind: 'mach-o', arch: 'arm64', universal: false },
    'mach-o',
    'made for macOS (arm64)',
    'GOOS=linux',
  ],
  [{ kind: 'pe', arch: 'amd64' }, 'pe', 'made for Windows (amd64)', 'GOOS=linux'],
  [{ kind: 'empty' }, 'empty', 'empty: it has 0 bytes', 'gcc -static'],
  [
    { kind: 'cut', what: 'its ELF header is missing' },
    'cut',
    'cut off: its ELF header is missing.',
    'again',
  ],
  [{ kind: 'source' }, 'source', 'C source', 'gcc -static'],
  [{ kind: 'archive', format: 'tar' }, 'archive', 'archive', 'tar -xf hello'],
  [{ kind: 'archive', format: 'gzip' }, 'archive', 'archive', 'gzip -d hello'],
  [{ kind: 'archive', format: 'zip' }, 'archive', 'archive', 'unzip hello'],
  [{ kind: 'archive', format: 'ar' }, 'archive', 'static library', 'Link'],
  [{ kind: 'unknown' }, 'unknown', 'not a program that Linux can load', 'gcc -static'],
])('what is no Linux program is refused by its name: %#', (file, code, words, way) => {
  const refused = refusal(file, 'hello', 'amd64')
  expect(refused?.code).toBe(code)
  expect(refused?.what).toMatch(/^hello .*\.$/)
  expect(refused?.what).toContain(words)
  expect(refused?.todo.join('\n')).toContain(way)
  expect(refused?.todo.length).toBeLessThanOrEqual(3)
})

test.each<[FileKind, string, string]>([
  [{ kind: 'source' }, 'hello.c', 'Compile it: gcc -static -o hello hello.c'],
  [{ kind: 'source' }, 'hello.cpp', 'Compile it: g++ -static -o hello hello.cpp'],
  [{ kind: 'source' }, 'hello', 'Compile it: gcc -static -o hello.out -x c hello'],
  [elf({ type: 'relocatable' }), 'hello.o', 'Link it: gcc -static -o hello hello.o'],
  [elf({ type: 'shared' }), 'a.so.1', 'Compile a program, without -shared: gcc -static -o a a.c'],
  [{ kind: 'empty' }, "it's", String.raw`gcc -static -o 'it'\''s' 'it'\''s.c'`],
  [{ kind: 'empty' }, '-rf', 'gcc -static -o ./-rf ./-rf.c'],
  [{ kind: 'empty' }, 'bin/.c', 'gcc -static -o bin/.c bin/.c.c'],
  [{ kind: 'archive', format: 'gzip' }, 'a.tar.gz', 'tar -xf a.tar.gz'],
])('the command fits the name of the file: %# %s', (file, name, command) => {
  expect(refusal(file, name, 'amd64')?.todo.join('\n')).toContain(command)
})

test('a name with control characters does not steer the terminal', () => {
  const refused = refusal({ kind: 'empty' }, 'a\u{1b}[2J', 'amd64')
  expect(JSON.stringify(refused)).not.toContain(String.raw`\u001b`)
})
