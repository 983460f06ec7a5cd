import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RAW_ARCHES } from '../../../src/elf/raw-code.ts'
import { crafts } from '../../../src/run/crafts/index.ts'
import { craftContext } from './craft-context.ts'
import { madeTar, tarClaiming, type Made } from '../../oci/make-tar.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'several-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const archs = ['amd64', 'arm64']
const unpack = (entries: readonly Made[], stdin = Readable.from([madeTar(entries)])) =>
  crafts['unpack-programs']({ file: 'hello', archs }, craftContext(folder, { stdin }))
const program = (path: string): Made => ({ path, body: `for ${path}` })

test('the programs are taken from the tar, and nothing else is', async () => {
  const { lines } = await unpack([
    { path: 'linux', type: '5' },
    program('linux/amd64/hello'),
    program('linux/amd64/other'),
    program('../escaped'),
    program('linux/arm64/hello'),
  ])
  expect(lines).toEqual(['linux/amd64/hello: 21 bytes', 'linux/arm64/hello: 21 bytes'])
  expect(readFileSync(join(folder, 'linux/arm64/hello'), 'utf8')).toBe('for linux/arm64/hello')
  expect(statSync(join(folder, 'linux/amd64/hello')).mode & 0o777).toBe(0o755)
  expect(() => statSync(join(folder, 'linux/amd64/other'))).toThrow(/ENOENT/)
  expect(() => statSync(join(folder, '../escaped'))).toThrow(/ENOENT/)
})

test('a program that did not come is named', async () => {
  await expect(unpack([program('linux/amd64/hello')])).rejects.toThrow(
    'The compiler left no linux/arm64/hello.',
  )
})

test('what is no tar is told as such', async () => {
  await expect(unpack([], Readable.from([Buffer.alloc(700, 'x')]))).rejects.toThrow(
    /came as a tar that can't be read/,
  )
})

test('a program is never written through a link', async () => {
  symlinkSync(tmpdir(), join(folder, 'linux'))
  await expect(unpack([program('linux/amd64/hello')])).rejects.toThrow(/link/)
})

test('a program for another architecture than its place says is refused', async () => {
  await crafts['write-raw'](
    { file: 'hello', arch: 'amd64', archs: RAW_ARCHES, message: null },
    craftContext(folder),
  )
  const inspect = (all: readonly string[]) =>
    crafts['inspect-program']({ file: 'hello', arch: 'amd64', archs: all }, craftContext(folder))
  expect((await inspect(RAW_ARCHES)).lines).toHaveLength(RAW_ARCHES.length)
  const wrong = readFileSync(join(folder, 'linux/arm64/hello'))
  writeFileSync(join(folder, 'linux/s390x/hello'), wrong)
  await expect(inspect(RAW_ARCHES)).rejects.toThrow(/made for arm64, but the image is for s390x/)
})

test('a program that is larger than any is not read', async () => {
  const claim = (bytes: number) =>
    unpack([], Readable.from([tarClaiming('linux/amd64/hello', bytes)]))
  await expect(claim(500_000_001)).rejects.toThrow(
    "The programs came as a tar that can't be read: linux/amd64/hello has 500000001 bytes.",
  )
  await expect(claim(500_000_000)).rejects.not.toThrow('has 500000000 bytes')
})

test('all programs that did not come are named, and what is no file is none', async () => {
  const linked: Made = { path: 'linux/amd64/hello', type: '2', link: '/etc/passwd' }
  await expect(unpack([linked])).rejects.toThrow(
    'The compiler left no linux/amd64/hello, no linux/arm64/hello.',
  )
})

test('programs of a tar that was cut off are not taken for all', async () => {
  const both = [program('linux/amd64/hello'), program('linux/arm64/hello')]
  await expect(unpack([], Readable.from([madeTar(both, false)]))).rejects.toMatchObject({
    code: 'bad-tar',
  })
  await expect(
    crafts['unpack-programs']({ file: 'hello', archs }, craftContext(folder)),
  ).rejects.toThrow('nothing is connected to it')
})
