/** The architectures for which a raw program can be written. */
export const RAW_ARCHES = ['amd64', 'arm64'] as const

export type RawArch = (typeof RAW_ARCHES)[number]

/** The longest message of a raw program, in bytes of UTF-8. */
const MAX_MESSAGE_BYTES = 65_536

/** What differs between architectures. */
interface Target {
  /** The ELF machine number. */
  readonly machine: number
  /** The largest page that its kernels use, in bytes. */
  readonly page: number
  /** Machine code that writes `length` bytes that follow it, and exits. */
  readonly code: (length: number) => number[]
}

const ELF_HEADER_BYTES = 64
const PROGRAM_HEADER_BYTES = 56

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
  const code = target.code(text.length)
  const path = loader === undefined ? [] : [...new TextEncoder().encode(loader), 0]
  const headers = loader === undefined ? 1 : 2
  const start = ELF_HEADER_BYTES + headers * PROGRAM_HEADER_BYTES
  const body = [...code, ...text]
  const size = start + body.length + path.length
  return Uint8Array.from([
    ...elfHeader(target, headers, start),
    ...(loader === undefined ? [] : loaderHeader(start + body.length, path.length)),
    ...programHeader(target, size),
    ...body,
    ...path,
  ])
}

const targetOf = (arch: string): Target => {
  const known = RAW_ARCHES.find(name => name === arch)
  if (known !== undefined) return TARGETS[known]
  throw new RangeError(`No raw program for ${arch}: only for ${RAW_ARCHES.join(' and ')}.`)
}

const messageBytes = (message: string): Uint8Array => {
  if (message.includes('\0')) throw new RangeError('The message has a NUL character.')
  const text = new TextEncoder().encode(message)
  if (text.length <= MAX_MESSAGE_BYTES) return text
  throw new RangeError(`The message has ${text.length} bytes; at most ${MAX_MESSAGE_BYTES} fit.`)
}

const elfHeader = ({ machine }: Target, headers: number, start: number): number[] =>
  [
    [0x7f, 0x45, 0x4c, 0x46], // the magic number: DEL, "ELF"
    [2, 1, 1, 0], // 64 bits, little-endian, version 1, System V
    bytes(0, 8), // padding
    bytes(2, 2), // type: executable
    bytes(machine, 2),
    bytes(1, 4), // version
    bytes(LOAD_ADDRESS + start, 8), // entry: the first instruction
    bytes(ELF_HEADER_BYTES, 8), // program headers: right behind this header
    bytes(0, 8), // section headers: none
    bytes(0, 4), // flags
    bytes(ELF_HEADER_BYTES, 2),
    bytes(PROGRAM_HEADER_BYTES, 2),
    bytes(headers, 2), // program headers
    bytes(64, 2), // bytes of a section header
    bytes(0, 2), // no section header
    bytes(0, 2), // no section names
  ].flat()

/** It must stand before the segment that is loaded. */
const loaderHeader = (at: number, length: number): number[] =>
  [
    bytes(3, 4), // type: the path of a loader
    bytes(4, 4), // flags: read
    bytes(at, 8), // from here in the file
    bytes(LOAD_ADDRESS + at, 8),
    bytes(LOAD_ADDRESS + at, 8),
    bytes(length, 8),
    bytes(length, 8),
    bytes(1, 8), // alignment
  ].flat()

const programHeader = ({ page }: Target, size: number): number[] =>
  [
    bytes(1, 4), // type: load
    bytes(5, 4), // flags: read and execute
    bytes(0, 8), // from the file's beginning
    bytes(LOAD_ADDRESS, 8), // to this address
    bytes(LOAD_ADDRESS, 8), // and this physical one, which Linux ignores
    bytes(size, 8), // bytes in the file
    bytes(size, 8), // bytes in memory
    bytes(page, 8), // alignment
  ].flat()

/** The system call keeps rdx, so the count is still there to compare with. */
const amd64Code = (length: number): number[] => {
  const before = [
    [0xb8, ...bytes(1, 4)], // mov eax, 1: write
    [0x89, 0xc7], // mov edi, eax: to stdout, which is 1 too
  ].flat()
  const after = [
    [0xba, ...bytes(length, 4)], // mov edx, length
    [0x0f, 0x05], // syscall
    [0x31, 0xff], // xor edi, edi: exit code 0
    [0x48, 0x39, 0xd0], // cmp rax, rdx: bytes written, bytes wanted
    [0x40, 0x0f, 0x95, 0xc7], // setne dil: exit code 1 if they differ
    [0xb8, ...bytes(60, 4)], // mov eax, 60: exit
    [0x0f, 0x05], // syscall
  ].flat()
  // lea rsi, [rip + distance]: the message, counted from the next instruction
  return [...before, 0x48, 0x8d, 0x35, ...bytes(after.length, 4), ...after]
}

/** The system call keeps x2, so the count is still there to compare with. */
const arm64Code = (length: number): number[] => {
  const after = [
    0xd2800002 + (length & 0xffff) * 32, // movz x2, length: low 16 bits
    0xf2a00002 + (length >>> 16) * 32, // movk x2, length, lsl 16: the bits above
    0xd2800808, // mov x8, 64: write
    0xd4000001, // svc 0
    0xeb02001f, // cmp x0, x2: bytes written, bytes wanted
    0x1a9f07e0, // cset w0, ne: exit code 1 if they differ
    0xd2800ba8, // mov x8, 93: exit
    0xd4000001, // svc 0
  ]
  // mov x0, 1: to stdout; adr x1: the message, counted from this instruction in units of four bytes
  const before = [0xd2800020, 0x10000001 + (after.length + 1) * 32]
  return [...before, ...after].flatMap(instruction => bytes(instruction, 4))
}

/** Little-endian; below 2^53. */
const bytes = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor(value / 256 ** index) % 256)

const TARGETS: Readonly<Record<RawArch, Target>> = {
  amd64: { machine: 62, page: 0x1000, code: amd64Code },
  arm64: { machine: 183, page: 0x10000, code: arm64Code },
}
