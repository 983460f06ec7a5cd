import { expect, test } from 'vitest'
import { inspectFile } from '../../src/elf/file-kind.ts'
import type { ElfFacts } from '../../src/elf/read.ts'
import { compile, compiles, handMade, inspectBytes, STRINGS_ADDRESS } from './samples.ts'
import type { HandMade } from './samples.ts'

const hasGcc = compiles([])
const isAmd64 = process.arch === 'x64'
const LIBRARY = 'int two(void) { return 2; }\n'
const BARE = 'void _start(void) { for (;;) { } }\n'
const FLAGS_1 = 0x6ffffffb
const PIE = 0x08000000

const factsOf = async (path: string | null): Promise<ElfFacts> => {
  if (path === null) throw new Error('it did not compile')
  const file = await inspectFile(path)
  if (file.kind !== 'elf') throw new Error(`it is ${file.kind}`)
  return file.elf
}

const handMadeFacts = async (wanted: HandMade): Promise<ElfFacts> => {
  const file = await inspectBytes(handMade(wanted))
  if (file.kind !== 'elf') throw new Error(`it is ${file.kind}`)
  return file.elf
}

test.skipIf(!hasGcc)(
  'a program by gcc is dynamic and names its loader and library (needs gcc)',
  async () => {
    const facts = await factsOf(compile([]))
    expect(facts).toMatchObject({ type: 'executable', linkage: 'dynamic', system: 'Linux' })
    expect(facts.interpreter).toMatch(/^\/lib/)
    expect(facts.needed).toContainEqual(expect.stringMatching(/^libc\./))
  },
)

test.skipIf(!hasGcc)(
  'a dynamic program that is not position-independent is an executable (needs gcc)',
  async () => {
    const facts = await factsOf(compile(['-no-pie']))
    expect(facts).toMatchObject({ type: 'executable', linkage: 'dynamic' })
  },
)

test.skipIf(!hasGcc)(
  'a program needs every library in the order of the file (needs gcc)',
  async () => {
    const facts = await factsOf(compile(['-Wl,--no-as-needed', '-lm']))
    expect(facts.needed.map(name => name.split('.')[0])).toEqual(['libm', 'libc'])
  },
)

test.skipIf(!compiles(['-static']))(
  'a program by gcc -static is static (needs a static libc)',
  async () => {
    const facts = await factsOf(compile(['-static']))
    expect(facts).toMatchObject({
      type: 'executable',
      linkage: 'static',
      interpreter: null,
      needed: [],
    })
  },
)

test.skipIf(!isAmd64 || !compiles(['-static']))(
  'a program by gcc on amd64 is for amd64, 64 bit, little-endian (needs gcc on amd64)',
  async () => {
    const facts = await factsOf(compile(['-static']))
    expect(facts).toMatchObject({ arch: 'amd64', bits: 64, endian: 'little' })
    expect(facts.entry).toMatch(/^0x4[0-9a-f]{5}$/)
  },
)

test.skipIf(!compiles(['-static-pie']))(
  'a program by gcc -static-pie is no shared library (needs gcc -static-pie)',
  async () => {
    const facts = await factsOf(compile(['-static-pie']))
    expect(facts).toMatchObject({ type: 'executable', linkage: 'static-pie', interpreter: null })
  },
)

test.skipIf(!compiles(['-static'], undefined, 'musl-gcc'))(
  'a program by musl-gcc -static is static (needs musl-gcc)',
  async () => {
    const facts = await factsOf(compile(['-static'], undefined, 'musl-gcc'))
    expect(facts).toMatchObject({ type: 'executable', linkage: 'static', needed: [] })
  },
)

test.skipIf(!compiles([], undefined, 'musl-gcc'))(
  'a program by musl-gcc asks for the loader of musl (needs musl-gcc)',
  async () => {
    const facts = await factsOf(compile([], undefined, 'musl-gcc'))
    expect(facts.interpreter).toMatch(/^\/lib\/ld-musl-/)
    expect(facts.needed).toEqual(['libc.so'])
  },
)

test.skipIf(!hasGcc)(
  'a shared library is told from a program, with a name of its own or without (needs gcc)',
  async () => {
    const plain = await factsOf(compile(['-shared', '-fPIC'], LIBRARY))
    const named = await factsOf(compile(['-shared', '-fPIC', '-Wl,-soname,libtwo.so.1'], LIBRARY))
    const bare = await factsOf(compile(['-shared', '-fPIC', '-nostdlib'], LIBRARY))
    expect(plain).toMatchObject({ type: 'shared', linkage: 'dynamic' })
    expect(named).toMatchObject({ type: 'shared', linkage: 'dynamic' })
    expect(bare).toMatchObject({ type: 'shared', linkage: 'dynamic', needed: [] })
  },
)

test.skipIf(!hasGcc)('an object file is relocatable (needs gcc)', async () => {
  expect(await factsOf(compile(['-c']))).toMatchObject({ type: 'relocatable' })
})

test.skipIf(!compiles(['-m32', '-nostdlib', '-static'], BARE))(
  'a program by gcc -m32 is for 386, with 32 bits (needs gcc -m32)',
  async () => {
    const facts = await factsOf(compile(['-m32', '-nostdlib', '-static'], BARE))
    expect(facts).toMatchObject({ arch: '386', bits: 32, linkage: 'static', type: 'executable' })
  },
)

test.skipIf(!compiles(['-m32', '-shared', '-nostdlib', '-Wl,-soname,libx.so'], LIBRARY))(
  'a library of 32 bits is shared (needs gcc -m32)',
  async () => {
    const args = ['-m32', '-shared', '-nostdlib', '-Wl,-soname,libx.so']
    expect(await factsOf(compile(args, LIBRARY))).toMatchObject({ arch: '386', type: 'shared' })
  },
)

test.each([
  [183, 64, 'little', 'arm64'],
  [62, 64, 'little', 'amd64'],
  [62, 32, 'little', 'x32'],
  [22, 64, 'big', 's390x'],
  [40, 32, 'little', 'arm'],
  [3, 32, 'little', '386'],
  [21, 64, 'little', 'ppc64le'],
  [21, 64, 'big', 'ppc64'],
  [243, 64, 'little', 'riscv64'],
  [258, 64, 'little', 'loong64'],
  [8, 64, 'little', 'mips64le'],
  [8, 32, 'big', 'mips'],
  [0x1234, 64, 'little', 'machine 0x1234'],
] as const)('machine %i with %i bits, %s-endian, is %s', async (machine, bits, endian, arch) => {
  const facts = await handMadeFacts({ machine, bits, endian })
  expect(facts).toEqual({
    arch,
    bits,
    endian,
    system: 'Linux',
    type: 'executable',
    linkage: 'static',
    interpreter: null,
    needed: [],
    entry: '0x1234',
  })
})

test.each([
  [64, 'little'],
  [64, 'big'],
  [32, 'little'],
  [32, 'big'],
] as const)('loader and libraries are read with %i bits, %s-endian', async (bits, endian) => {
  const facts = await handMadeFacts({
    bits,
    endian,
    type: 3,
    interpreter: '/lib/ld.so.1',
    strings: 'libm.so.6\0libc.so.6',
    dynamic: [
      [1, 10],
      [1, 0],
      [5, STRINGS_ADDRESS],
    ],
  })
  expect(facts).toMatchObject({
    type: 'executable',
    linkage: 'dynamic',
    interpreter: '/lib/ld.so.1',
    needed: ['libc.so.6', 'libm.so.6'],
  })
})

test.each<[string, HandMade, string, string]>([
  ['a PIE flag', { dynamic: [[FLAGS_1, PIE]] }, 'executable', 'static-pie'],
  ['a PIE flag among others', { dynamic: [[FLAGS_1, PIE + 1]] }, 'executable', 'static-pie'],
  ['another flag only', { dynamic: [[FLAGS_1, 1]] }, 'shared', 'dynamic'],
  ["an old linker's slot for a debugger", { dynamic: [[21, 0]] }, 'executable', 'static-pie'],
  ['a library name and a loader', { dynamic: [[14, 0]], interpreter: '/ld' }, 'shared', 'dynamic'],
  ['a loader only', { dynamic: [], interpreter: '/ld' }, 'executable', 'dynamic'],
  ['an empty dynamic section', { dynamic: [] }, 'shared', 'dynamic'],
  ['no dynamic section, as packers make it', {}, 'executable', 'static-pie'],
  ['neither dynamic section nor entry', { entry: 0 }, 'shared', 'dynamic'],
])('of type ET_DYN, %s makes it %s (by hand)', async (_, wanted, type, linkage) => {
  expect(await handMadeFacts({ ...wanted, type: 3 })).toMatchObject({ type, linkage })
})

test('a library whose name is not in the file is still needed', async () => {
  const astray = await handMadeFacts({ dynamic: [[1, 0]] })
  const past = await handMadeFacts({
    dynamic: [
      [1, 0xffff_ffff],
      [5, STRINGS_ADDRESS],
    ],
  })
  expect(astray).toMatchObject({ linkage: 'dynamic', needed: ['(unnamed)'] })
  expect(past).toMatchObject({ linkage: 'dynamic', needed: ['(unnamed)'] })
})

test('names are made fit for a terminal', async () => {
  const facts = await handMadeFacts({ interpreter: '/lib/\u{1b}[31mred\n\u{202e}' })
  expect(facts.interpreter).toBe('/lib/\u{fffd}[31mred\u{fffd}\u{fffd}')
})

test('a program marked for FreeBSD says so', async () => {
  expect(await handMadeFacts({ osAbi: 9 })).toMatchObject({ system: 'FreeBSD' })
  expect(await handMadeFacts({ osAbi: 3 })).toMatchObject({ system: 'Linux' })
})

test('the facts survive JSON', async () => {
  const facts = await handMadeFacts({ interpreter: '/ld' })
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
})
