import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { inspectFile, type FileKind } from '../../src/elf/file-kind.ts'

/** Makes a folder that is removed after the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'elf-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Inspects a file with this content. */
export const inspectBytes = (content: Uint8Array | string): Promise<FileKind> => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, content)
  return inspectFile(path)
}

/** Inspects a file with this content at every shorter length, from the longest to 0 bytes. */
export const inspectPrefixes = async (content: Uint8Array): Promise<FileKind[]> => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, content)
  const kinds: FileKind[] = []
  for (let length = content.length - 1; length >= 0; length -= 1) {
    truncateSync(path, length)
    kinds.push(await inspectFile(path))
  }
  return kinds
}

/** True when `program` can be started here. */
export const isHere = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined

/** Compiles `code` and gives the path of the result, or null when this compiler can't. */
export const compile = (
  args: readonly string[],
  code = 'int main(void) { return 0; }\n',
  compiler = 'gcc',
): string | null => {
  const folder = temporaryFolder()
  const source = join(folder, 'hello.c')
  const program = join(folder, 'hello')
  writeFileSync(source, code)
  const { status } = spawnSync(compiler, [...args, '-o', program, source], { stdio: 'ignore' })
  return status === 0 ? program : null
}

/** True when this compiler can do that. */
export const compiles = (
  args: readonly string[],
  code = 'int main(void) { return 0; }\n',
  compiler = 'gcc',
): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'elf-'))
  const source = join(folder, 'hello.c')
  writeFileSync(source, code)
  const result = spawnSync(compiler, [...args, '-o', join(folder, 'hello'), source])
  rmSync(folder, { recursive: true })
  return result.status === 0
}

export interface HandMade {
  readonly bits?: 32 | 64
  readonly endian?: 'little' | 'big'
  readonly osAbi?: number
  readonly type?: number
  readonly machine?: number
  readonly entry?: number
  /** The loader it asks for. */
  readonly interpreter?: string
  /** Tag and value of each dynamic entry; undefined leaves the section out. */
  readonly dynamic?: readonly (readonly [tag: number, value: number])[]
  /** The table of library names, at `STRINGS_ADDRESS`. */
  readonly strings?: string
}

/** Where a hand-made file has its names in memory. */
export const STRINGS_ADDRESS = 0x10000

/** Writes an ELF file by hand: header, program headers, and the content of the segments behind them. */
export const handMade = (wanted: HandMade): Uint8Array => {
  const { bits = 64, endian = 'little', dynamic } = wanted
  const put = writer(bits, endian)
  const text = (value: string): number[] => [...new TextEncoder().encode(`${value}\0`)]
  const strings = text(wanted.strings ?? 'x')
  const contents = [
    { type: 1, address: STRINGS_ADDRESS, bytes: strings },
    ...(wanted.interpreter === undefined
      ? []
      : [{ type: 3, address: 0, bytes: text(wanted.interpreter) }]),
    ...(dynamic === undefined
      ? []
      : [{ type: 2, address: 0, bytes: [...dynamic.flat(), 0, 0].flatMap(put.word) }]),
  ]
  const headerBytes = bits === 64 ? 64 : 52
  let offset = headerBytes + contents.length * (bits === 64 ? 56 : 32)
  const headers = contents.flatMap(({ type, address, bytes }) => {
    const header = put.programHeader(type, offset, address, bytes.length)
    offset += bytes.length
    return header
  })
  const header = elfHeader(wanted, put, contents.length)
  return Uint8Array.from([...header, ...headers, ...contents.flatMap(({ bytes }) => bytes)])
}

const elfHeader = (wanted: HandMade, put: Writer, count: number): number[] => {
  const { bits = 64, endian = 'little', osAbi = 0, type = 2, machine = 62, entry = 0x1234 } = wanted
  const is64 = bits === 64
  return [
    [0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, endian === 'little' ? 1 : 2, 1, osAbi],
    [0, 0, 0, 0, 0, 0, 0, 0],
    [...put.u16(type), ...put.u16(machine), ...put.u32(1)],
    [...put.word(entry), ...put.word(is64 ? 64 : 52), ...put.word(0), ...put.u32(0)],
    [is64 ? 64 : 52, is64 ? 56 : 32, count, 0, 0, 0].flatMap(put.u16),
  ].flat()
}

interface Writer {
  readonly u16: (value: number) => number[]
  readonly u32: (value: number) => number[]
  readonly word: (value: number) => number[]
  readonly programHeader: (t: number, offset: number, address: number, size: number) => number[]
}

const writer = (bits: 32 | 64, endian: 'little' | 'big'): Writer => {
  const number = (count: number) => (value: number) => {
    const little = Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** i) % 256)
    return endian === 'little' ? little : little.toReversed()
  }
  const [u16, u32, word] = [number(2), number(4), number(bits / 8)]
  const programHeader = (type: number, offset: number, address: number, size: number): number[] => {
    const places = [offset, address, address, size, size].flatMap(word)
    const flags = u32(5)
    return bits === 64
      ? [...u32(type), ...flags, ...places, ...word(1)]
      : [...u32(type), ...places, ...flags, ...word(1)]
  }
  return { u16, u32, word, programHeader }
}
