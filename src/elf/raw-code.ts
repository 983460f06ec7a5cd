/** What differs between the architectures of a raw program. */
export interface Target {
  /** The ELF machine number. */
  readonly machine: number
  /** 64 by default. */
  readonly bits?: 32 | 64
  /** Little by default. */
  readonly endian?: 'little' | 'big'
  /** The ELF header's flags, which name the version of the calling convention; 0 by default. */
  readonly flags?: number
  /** The largest page that its kernels use, in bytes. */
  readonly page: number
  /** Machine code that writes the `length` bytes that follow it, at `address` when loaded, and exits. */
  readonly code: (length: number, address: number) => number[]
}

/** The architectures for which a raw program can be written. */
export const RAW_ARCHES = [
  'amd64',
  'arm64',
  'arm',
  '386',
  'ppc64le',
  's390x',
  'riscv64',
  'loong64',
] as const

export type RawArch = (typeof RAW_ARCHES)[number]

/** Returns the architecture of that name, or amd64, which most machines run, for one without raw programs. */
export const rawArchOf = (arch: string): RawArch =>
  RAW_ARCHES.find(name => name === arch) ?? 'amd64'

/** Little-endian; below 2^53. */
export const bytes = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor(value / 256 ** index) % 256)

const words = (instructions: readonly number[]): number[] =>
  instructions.flatMap(instruction => bytes(instruction, 4))

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

const i386Code = (length: number, address: number): number[] =>
  [
    [0xb8, ...bytes(4, 4)], // mov eax, 4: write
    [0xbb, ...bytes(1, 4)], // mov ebx, 1: to stdout
    [0xb9, ...bytes(address, 4)], // mov ecx, address
    [0xba, ...bytes(length, 4)], // mov edx, length
    [0xcd, 0x80], // int 0x80
    [0x31, 0xdb], // xor ebx, ebx: exit code 0
    [0x39, 0xc2], // cmp edx, eax
    [0x0f, 0x95, 0xc3], // setne bl: exit code 1 if they differ
    [0xb8, ...bytes(1, 4)], // mov eax, 1: exit
    [0xcd, 0x80], // int 0x80
  ].flat()

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
  return words([0xd2800020, 0x10000001 + (after.length + 1) * 32, ...after])
}

/** The length is behind the code, as a number of 32 bits can't be in one instruction. */
const armCode = (length: number): number[] =>
  words([
    0xe3a00001, // mov r0, 1: to stdout
    0xe28f101c, // add r1, pc, 28: the message; pc is two instructions ahead
    0xe59f2014, // ldr r2, [pc, 20]: the length
    0xe3a07004, // mov r7, 4: write
    0xef000000, // svc 0
    0xe0500002, // subs r0, r0, r2: bytes written less bytes wanted
    0x13a00001, // movne r0, 1: exit code 1 if they differ
    0xe3a07001, // mov r7, 1: exit
    0xef000000, // svc 0
    length,
  ])

/** addi takes 12 bits with a sign, so a length whose twelfth bit is set is counted down to from the next 4096. */
const riscvCode = (length: number): number[] =>
  words([
    0x00100513, // li a0, 1: to stdout
    0x00000597, // auipc a1, 0
    0x02858593, // addi a1, a1, 40: the message
    0x00000637 + ((length + 0x800) >>> 12) * 0x1000, // lui a2
    0x00060613 + (length & 0xfff) * 0x100000, // addi a2, a2: the length
    0x04000893, // li a7, 64: write
    0x00000073, // ecall
    0x00c54533, // xor a0, a0, a2: bytes written, bytes wanted
    0x00a03533, // snez a0, a0: exit code 1 if they differ
    0x05d00893, // li a7, 93: exit
    0x00000073, // ecall
  ])

/** The system call keeps none of its registers but r14 and up, and signals an error by a flag. */
const ppc64leCode = (length: number, address: number): number[] =>
  words([
    0x38000004, // li r0, 4: write
    0x38600001, // li r3, 1: to stdout
    0x3c800000 + (address >>> 16), // lis r4
    0x60840000 + (address & 0xffff), // ori r4, r4: the message
    0x3fe00000 + (length >>> 16), // lis r31
    0x63ff0000 + (length & 0xffff), // ori r31, r31: the length
    0x7fe5fb78, // mr r5, r31
    0x44000002, // sc
    0x40830008, // bns: past the next, without an error
    0x3860ffff, // li r3, -1
    0x7c63fa78, // xor r3, r3, r31: bytes written, bytes wanted
    0x3083ffff, // addic r4, r3, -1
    0x7c641910, // subfe r3, r4, r3: exit code 1 if they differ
    0x38000001, // li r0, 1: exit
    0x44000002, // sc
  ])

const s390xCode = (length: number): number[] =>
  [
    [0xa7, 0x29, 0, 1], // lghi r2, 1: to stdout
    [0xc0, 0x30, 0, 0, 0, 14], // larl r3: the message, counted from this instruction in units of two bytes
    [0xc0, 0x4f, ...bytes(length, 4).toReversed()], // llilf r4, length
    [0x0a, 4], // svc 4: write
    [0xb9, 0x09, 0, 0x24], // sgr r2, r4: bytes written less bytes wanted
    [0xa7, 0x84, 0, 4], // jz: past the next, with exit code 0
    [0xa7, 0x29, 0, 1], // lghi r2, 1: exit code 1 if they differ
    [0x0a, 1], // svc 1: exit
  ].flat()

const loong64Code = (length: number): number[] =>
  words([
    0x03800404, // li.w a0, 1: to stdout
    0x18000005 + 9 * 32, // pcaddi a1: the message, counted from this instruction in units of four bytes
    0x14000006 + (length >>> 12) * 32, // lu12i.w a2
    0x038000c6 + (length & 0xfff) * 0x400, // ori a2, a2: the length
    0x0381000b, // li.w a7, 64: write
    0x002b0000, // syscall
    0x00159884, // xor a0, a0, a2: bytes written, bytes wanted
    0x00129004, // sltu a0, zero, a0: exit code 1 if they differ
    0x0381740b, // li.w a7, 93: exit
    0x002b0000, // syscall
  ])

/** Every architecture that a raw program is written for. */
export const CODE: Readonly<Record<RawArch, Target>> = {
  amd64: { machine: 62, page: 0x1000, code: amd64Code },
  arm64: { machine: 183, page: 0x10000, code: arm64Code },
  arm: { machine: 40, bits: 32, flags: 0x5000000, page: 0x10000, code: armCode },
  '386': { machine: 3, bits: 32, page: 0x1000, code: i386Code },
  ppc64le: { machine: 21, flags: 2, page: 0x10000, code: ppc64leCode },
  s390x: { machine: 22, endian: 'big', page: 0x1000, code: s390xCode },
  riscv64: { machine: 243, page: 0x1000, code: riscvCode },
  loong64: { machine: 258, flags: 0x43, page: 0x10000, code: loong64Code },
}
