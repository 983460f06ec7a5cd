import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectFile } from '../../src/elf/file-kind.ts'
import { rawProgram } from '../../src/elf/raw.ts'
import { compile, compiles, inspectBytes, isHere, temporaryFolder } from './samples.ts'

const bigEndian = (...numbers: number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(numbers.length * 4))
  for (const [index, number] of numbers.entries()) view.setUint32(index * 4, number)
  return new Uint8Array(view.buffer)
}

const littleEndian = (...numbers: number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(numbers.length * 4))
  for (const [index, number] of numbers.entries()) view.setUint32(index * 4, number, true)
  return new Uint8Array(view.buffer)
}

const peFile = (machine: number, at = 128): Uint8Array => {
  const file = new Uint8Array(200)
  const view = new DataView(file.buffer)
  file.set([0x4d, 0x5a])
  view.setUint32(0x3c, at, true)
  file.set([0x50, 0x45, 0, 0], 128)
  view.setUint16(132, machine, true)
  return file
}

test('an ELF file has its size in bytes', async () => {
  const program = rawProgram('Hello\n', 'amd64')
  expect(await inspectBytes(program)).toMatchObject({ kind: 'elf', size: program.length })
})

test.each([
  ['64 bits, arm64', littleEndian(0xfeedfacf, 0x100000c, 0), 'arm64', false],
  ['64 bits, amd64', littleEndian(0xfeedfacf, 0x1000007, 3), 'amd64', false],
  ['32 bits, big-endian', bigEndian(0xfeedface, 18, 0), 'ppc', false],
  [
    'universal',
    bigEndian(0xcafebabe, 2, 0x1000007, 3, 0, 0, 14, 0x100000c, 0, 0, 0, 14),
    'amd64 and arm64',
    true,
  ],
  ['universal, 64 bits', bigEndian(0xcafebabf, 1, 0x100000c, 0, 0, 0, 0), 'arm64', true],
  ['universal and cut', bigEndian(0xcafebabe, 2), 'no architecture', true],
])('a Mach-O file is known by its first bytes: %s', async (_, content, arch, universal) => {
  expect(await inspectBytes(content)).toEqual({ kind: 'mach-o', arch, universal })
})

test('a Java class begins like a universal Mach-O file and is none', async () => {
  expect(await inspectBytes(bigEndian(0xcafebabe, 61, 0))).toEqual({ kind: 'unknown' })
})

test.each([
  [0x8664, 'amd64'],
  [0xaa64, 'arm64'],
  [0x14c, '386'],
  [0x9999, 'machine 0x9999'],
])('a PE file for machine %i is for %s', async (machine, arch) => {
  expect(await inspectBytes(peFile(machine))).toEqual({ kind: 'pe', arch })
})

test('a file that begins with MZ and has no PE header is unknown', async () => {
  expect(await inspectBytes(peFile(0x8664, 64))).toEqual({ kind: 'unknown' })
  expect(await inspectBytes(peFile(0x8664, 0xffff_ffff))).toEqual({ kind: 'unknown' })
  expect(await inspectBytes(peFile(0x8664).subarray(0, 130))).toEqual({ kind: 'unknown' })
  expect(await inspectBytes('MZ')).toEqual({ kind: 'unknown' })
})

test.each([
  ['#!/bin/sh\necho hello\n', '/bin/sh'],
  ['#! /bin/sh -e\n', '/bin/sh'],
  ['#!/usr/bin/env python3\n', '/usr/bin/env python3'],
  ['#!/usr/bin/env -S A=b node --flag\n', '/usr/bin/env node'],
  ['#!/usr/bin/env\n', '/usr/bin/env'],
  ['#!/bin/bash\r\n', '/bin/bash'],
  ['#!/bin/a\u{1b}[2Jb', '/bin/a\u{fffd}[2Jb'],
])('a script names its interpreter: %j', async (content, interpreter) => {
  expect(await inspectBytes(content)).toEqual({ kind: 'script', interpreter })
})

test('the first line of a script is read as far as Linux reads it', async () => {
  const file = await inspectBytes(`#!/${'a'.repeat(10_000)}`)
  expect(file).toEqual({ kind: 'script', interpreter: `/${'a'.repeat(253)}` })
})

test('a line that begins with #! and names no program makes no script', async () => {
  expect(await inspectBytes('#!\n')).toEqual({ kind: 'unknown' })
  expect(await inspectBytes('#![no_std]\nfn main() {}\n')).toEqual({ kind: 'unknown' })
})

test.each([
  '#include <stdio.h>\n',
  `/* ${'words\n'.repeat(1000)} */\n  # include "hello.h"\n`,
  'int main(void) { return 0; }\n',
  'int\nmain(argc, argv)\n',
  'extern long f(long);\nvoid _start(void)\n{\n}\n',
  '\u{feff}#include <stdio.h>\r\n',
  '#define X 1\n',
])('C text is a source: %j', async content => {
  expect(await inspectBytes(content)).toEqual({ kind: 'source' })
})

test.each([
  'hello\n',
  '# include the other file\necho int main\n',
  '{"main": "index.js"}\n',
  'package main\n\nfunc main() {}\n',
  'FROM scratch\nCOPY hello /\n',
])('other text is unknown: %j', async content => {
  expect(await inspectBytes(content)).toEqual({ kind: 'unknown' })
})

test('C text with a binary byte in it is unknown', async () => {
  expect(await inspectBytes('#include <stdio.h>\n\0')).toEqual({ kind: 'unknown' })
})

test('an empty file is empty', async () => {
  expect(await inspectBytes('')).toEqual({ kind: 'empty' })
})

test.skipIf(!isHere('tar') || !isHere('gzip'))(
  'real tar and gzip files are archives (needs tar and gzip)',
  async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'hello'), 'hello\n')
    spawnSync('tar', ['-cf', 'a.tar', 'hello'], { cwd: folder })
    spawnSync('tar', ['-czf', 'a.tgz', 'hello'], { cwd: folder })
    expect(await inspectFile(join(folder, 'a.tar'))).toEqual({ kind: 'archive', format: 'tar' })
    expect(await inspectFile(join(folder, 'a.tgz'))).toEqual({ kind: 'archive', format: 'gzip' })
  },
)

test.skipIf(!isHere('ar') || !compiles(['-c']))(
  'a static library is an archive (needs gcc and ar)',
  async () => {
    const library = join(temporaryFolder(), 'libhello.a')
    spawnSync('ar', ['rcs', library, compile(['-c']) ?? ''])
    expect(await inspectFile(library)).toEqual({ kind: 'archive', format: 'ar' })
  },
)

test('a file of 500 MB takes no more reads than a small one', async () => {
  const path = join(temporaryFolder(), 'large')
  writeFileSync(path, rawProgram('Hello\n', 'amd64'))
  truncateSync(path, 500_000_000)
  const before = process.memoryUsage.rss()
  expect(await inspectFile(path)).toMatchObject({ kind: 'elf', size: 500_000_000 })
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
})

test('what is no file is unknown, and is not waited for', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'folder'))
  expect(await inspectFile(join(folder, 'folder'))).toEqual({ kind: 'unknown' })
})

test.skipIf(!isHere('mkfifo'))(
  'a pipe is unknown, and is not waited for (needs mkfifo)',
  async () => {
    const pipe = join(temporaryFolder(), 'pipe')
    spawnSync('mkfifo', [pipe])
    expect(await inspectFile(pipe)).toEqual({ kind: 'unknown' })
  },
)

test('a file that is not there rejects with the error of the system', async () => {
  await expect(inspectFile(join(temporaryFolder(), 'nothing'))).rejects.toMatchObject({
    code: 'ENOENT',
  })
})

test.skipIf(process.getuid === undefined)(
  'a file that may not be read rejects with the error of the system (needs users)',
  async () => {
    const path = join(temporaryFolder(), 'secret')
    writeFileSync(path, 'x')
    chmodSync(path, 0)
    await asNobodyIfRoot(() => expect(inspectFile(path)).rejects.toMatchObject({ code: 'EACCES' }))
  },
)

/** Root may read everything, so it steps down meanwhile. */
const asNobodyIfRoot = async (check: () => Promise<void>): Promise<void> => {
  const root = process.getuid?.() === 0
  if (root) process.seteuid?.(65534)
  try {
    await check()
  } finally {
    if (root) process.seteuid?.(0)
  }
}
