import { expect, test } from 'vitest'
import type { FileKind } from '../../src/elf/file-kind.ts'
import { rawProgram } from '../../src/elf/raw.ts'
import { refusal } from '../../src/elf/refusal.ts'
import { readFileSync } from 'node:fs'
import { compile, compiles, handMade, inspectBytes, inspectPrefixes } from './samples.ts'
import { STRINGS_ADDRESS } from './samples.ts'

const SMALL = ['-nostdlib', '-static', '-Wl,-z,noseparate-code', '-Wl,--build-id=none']
const BARE = 'void _start(void) { for (;;) { } }\n'

const whole = handMade({
  interpreter: '/lib/ld.so',
  strings: 'libc.so.6',
  dynamic: [
    [1, 0],
    [5, STRINGS_ADDRESS],
  ],
})

const withNumber = (at: number, size: 2 | 4 | 8, value: bigint, from = whole): Uint8Array => {
  const changed = Uint8Array.from(from)
  const view = new DataView(changed.buffer)
  if (size === 2) view.setUint16(at, Number(value), true)
  else if (size === 4) view.setUint32(at, Number(value), true)
  else view.setBigUint64(at, value, true)
  return changed
}

const countsOf = (kinds: readonly FileKind[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { kind } of kinds) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

test.each([
  ['a raw program', rawProgram('Hello\n', 'arm64')],
  ['a hand-made one of 64 bits', whole],
  ['a hand-made one of 32 bits', handMade({ bits: 32, endian: 'big', interpreter: '/ld' })],
])(
  'an ELF file cut at any length is cut, and too short to tell below four bytes: %s',
  async (_, content) => {
    const kinds = await inspectPrefixes(content)
    expect(countsOf(kinds)).toEqual({ cut: content.length - 4, unknown: 3, empty: 1 })
    expect((await inspectBytes(content)).kind).toBe('elf')
  },
)

test.skipIf(!compiles(SMALL, BARE))(
  'a program by gcc cut at any length is cut (needs gcc)',
  async () => {
    const content = readFileSync(compile(SMALL, BARE) ?? '')
    const kinds = await inspectPrefixes(content)
    expect(countsOf(kinds)).toEqual({ cut: content.length - 4, unknown: 3, empty: 1 })
  },
)

test('a cut file says what is missing', async () => {
  expect(await inspectBytes(whole.subarray(0, 30))).toEqual({
    kind: 'cut',
    what: 'its ELF header should reach to byte 64, but the file has 30',
  })
  expect(await inspectBytes(whole.subarray(0, 100))).toEqual({
    kind: 'cut',
    what: 'its program headers should reach to byte 232, but the file has 100',
  })
  expect(await inspectBytes(whole.subarray(0, -1))).toEqual({
    kind: 'cut',
    what: `its segment 3 of 3 should reach to byte ${whole.length}, but the file has ${whole.length - 1}`,
  })
})

test.each([
  ['program headers at the end of the address space', withNumber(32, 8, 2n ** 64n - 1n)],
  ['65535 program headers', withNumber(56, 2, 0xffffn)],
  ['a segment of 2^64 - 1 bytes', withNumber(64 + 32, 8, 2n ** 64n - 1n)],
  ['a segment that begins past the end', withNumber(64 + 8, 8, 2n ** 63n)],
  ['section headers past the end', withNumber(58, 2, 64n, withNumber(40, 8, 2n ** 62n))],
])('%s: cut', async (_, content) => {
  expect((await inspectBytes(content)).kind).toBe('cut')
})

test.each([
  ['program headers of a wrong size', withNumber(54, 2, 1n)],
  ['no program headers', withNumber(56, 2, 0n)],
  ['no segment to load', withNumber(64, 4, 4n)],
  ['class 3', withNumber(4, 2, 0x0103n)],
  ['byte order 0', withNumber(4, 2, 0x0002n)],
  ['type 0', withNumber(16, 2, 0n)],
])('an ELF file with %s is unknown', async (_, content) => {
  expect((await inspectBytes(content)).kind).toBe('unknown')
})

test('more than 64 KiB of program headers, all in the file, are refused as Linux does', async () => {
  const padded = new Uint8Array(4_000_000)
  padded.set(withNumber(56, 2, 60_000n).subarray(0, 232))
  expect((await inspectBytes(padded)).kind).toBe('unknown')
  const core = withNumber(16, 2, 4n, padded)
  expect(await inspectBytes(core)).toMatchObject({ kind: 'elf', elf: { type: 'core' } })
})

test('odd section headers that Linux would not read are let pass', async () => {
  expect((await inspectBytes(withNumber(40, 8, 2n ** 62n))).kind).toBe('elf')
})

test('ten thousand needed libraries are counted to 512', async () => {
  const dynamic = Array.from({ length: 10_000 }, () => [1, 0] as const)
  const file = await inspectBytes(
    handMade({ dynamic: [[5, STRINGS_ADDRESS], ...dynamic], strings: 'libc.so.6' }),
  )
  if (file.kind !== 'elf') throw new Error(`it is ${file.kind}`)
  expect(file.elf.needed).toEqual(Array.from({ length: 512 }, () => 'libc.so.6'))
  expect(refusal(file, 'hello', 'amd64')?.what).toBe(
    'hello needs libc.so.6, libc.so.6, libc.so.6, libc.so.6 and 508 more; a scratch image has none of them. Compile with -static.',
  )
})

/** The same numbers on every run (a linear congruential generator). */
const randomNumbers = (seed: number): ((below: number) => number) => {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const mutated = (content: Uint8Array, random: (below: number) => number): Uint8Array => {
  const changed = Uint8Array.from(content)
  for (let count = 1 + random(6); count > 0; count -= 1) {
    changed[random(Math.min(changed.length, 400))] = random(3) === 0 ? 0xff : random(256)
  }
  return changed
}

test('an ELF file with random changes is always one of the kinds, and always judged', async () => {
  const random = randomNumbers(7)
  const samples = [whole, rawProgram('x', 'amd64'), handMade({ bits: 32, dynamic: [[1, 0]] })]
  const seen = new Set<string>()
  for (let round = 0; round < 1500; round += 1) {
    const file = await inspectBytes(mutated(samples[round % 3] ?? whole, random))
    const judged = refusal(file, 'hello', 'amd64')
    seen.add(file.kind)
    expect(judged === null || judged.todo.length > 0).toBe(true)
  }
  expect([...seen].toSorted()).toEqual(['cut', 'elf', 'unknown'])
})
