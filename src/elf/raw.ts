import { bytes, CODE, RAW_ARCHES, type RawArch } from './raw-code.ts'

/** The longest message of a raw program, in bytes of UTF-8. */
const MAX_MESSAGE_BYTES = 65_536

/** Where the file is loaded: a multiple of every page size, above what systems keep free. */
const LOAD_ADDRESS = 0x400000

/**
 * Writes a static ELF program that prints `message` with two system calls, `write` and `exit`.
 * It exits 0 when all bytes were written, else 1. The file is one read-only, executable segment:
 * headers, code, message. Formats: System V ABI; system call numbers: Linux.
 * With a `loader` it asks for that program to be started in its place, as a dynamic program does.
 * Throws a RangeError for another architecture, and for a message with a NUL or over 64 KiB of UTF-8.
 */
export const rawProgram = (message: string, arch: RawArch, loader?: string): Uint8Array => {
  const target = targetOf(arch)
  const text = messageBytes(message)
  const path = loader === undefined ? [] : [...new TextEncoder().encode(loader), 0]
  const headers = loader === undefined ? 1 : 2
  const start = target.form.header + headers * target.form.segment
  const codeBytes = target.code(0, 0).length
  const code = target.code(text.length, LOAD_ADDRESS + start + codeBytes)
  const end = start + code.length + text.length
  const loaderAt = { at: end, size: path.length }
  return Uint8Array.from([
    ...elfHeader(target, headers, start),
    // It must come before the segment that is loaded.
    ...(loader === undefined ? [] : segment(target, { ...loaderAt, type: 3, flags: 4, align: 1 })),
    ...segment(target, { at: 0, size: end + path.length, type: 1, flags: 5, align: target.page }),
    ...code,
    ...text,
    ...path,
  ])
}

type Target = ReturnType<typeof targetOf>

const targetOf = (arch: string) => {
  const known = RAW_ARCHES.find(name => name === arch)
  if (known === undefined)
    throw new RangeError(`No raw program for ${arch}: only for ${RAW_ARCHES.join(', ')}.`)
  const target = CODE[known]
  const { bits = 64, endian = 'little' } = target
  return { ...target, bits, endian, form: FORMS[bits] }
}

/** The bytes of the file's header, of a segment's, and of an address. */
const FORMS = {
  32: { header: 52, segment: 32, word: 4 },
  64: { header: 64, segment: 56, word: 8 },
}

const messageBytes = (message: string): Uint8Array => {
  if (message.includes('\0')) throw new RangeError('The message has a NUL character.')
  const text = new TextEncoder().encode(message)
  if (text.length <= MAX_MESSAGE_BYTES) return text
  throw new RangeError(`The message has ${text.length} bytes; at most ${MAX_MESSAGE_BYTES} fit.`)
}

const elfHeader = (target: Target, headers: number, start: number): number[] => {
  const { machine, flags = 0, bits, endian, form } = target
  const put = putter(endian)
  return [
    [0x7f, 0x45, 0x4c, 0x46], // the magic number: DEL, "ELF"
    [bits / 32, endian === 'little' ? 1 : 2, 1, 0], // bits, byte order, version 1, System V
    put(0, 8), // padding
    put(2, 2), // type: executable
    put(machine, 2),
    put(1, 4), // version
    put(LOAD_ADDRESS + start, form.word), // entry: the first instruction
    put(form.header, form.word), // program headers: right behind this header
    put(0, form.word), // section headers: none
    put(flags, 4),
    put(form.header, 2),
    put(form.segment, 2),
    put(headers, 2), // program headers
    put(bits === 64 ? 64 : 40, 2), // bytes of a section header
    put(0, 2), // no section header
    put(0, 2), // no section names
  ].flat()
}

/** A program header: what of the file (`at`, `size`) is loaded; 1 is the type of that, 3 that of a loader's path. */
interface Segment {
  readonly type: 1 | 3
  readonly at: number
  readonly size: number
  /** 4: read, 5: read and execute. */
  readonly flags: 4 | 5
  readonly align: number
}

const segment = ({ bits, endian, form }: Target, one: Segment): number[] => {
  const put = putter(endian)
  const word = (value: number): number[] => put(value, form.word)
  return [
    put(one.type, 4),
    bits === 64 ? put(one.flags, 4) : [],
    word(one.at),
    word(LOAD_ADDRESS + one.at),
    word(LOAD_ADDRESS + one.at), // the physical address, which Linux ignores
    word(one.size), // bytes in the file
    word(one.size), // bytes in memory
    bits === 32 ? put(one.flags, 4) : [],
    word(one.align),
  ].flat()
}

/** What writes a number below 2^53 in so many bytes. */
const putter =
  (endian: 'little' | 'big') =>
  (value: number, count: number): number[] => {
    const found = bytes(value, count)
    return endian === 'little' ? found : found.toReversed()
  }
