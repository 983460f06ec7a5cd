import { posix } from 'node:path'
import type { MinimalAnswers } from '../../ask/answers.ts'
import type { Arch } from '../../engine/facts.ts'
import { programName, sourceName } from '../names.ts'

/** The flags of the official hello-world image (its Makefile): each function its own section, unused ones dropped. */
const MUSL_FLAGS = [
  '-Os',
  '-fdata-sections',
  '-ffunction-sections',
  '-Wl,-z,norelro',
  '-s',
  '-Wl,--gc-sections',
  '-static',
]

/** `strip` takes the compilers' comment section out too, as the official hello-world does. */
const STRIP = ['strip', '--strip-all', '--remove-section=.comment']

/**
 * The commands that make the static program from its source, both in the current folder.
 * `cc` is the compiler; by default the one that `builderPackages` install. `arch` is the machine's that compiles, or
 * null where that is not known yet.
 */
export const compilerCommand = (
  { libc, program }: MinimalAnswers,
  cc = libc === 'musl' ? 'musl-gcc' : 'gcc',
  arch: Arch | null = null,
): string[][] => {
  const name = programName(program)
  const files = ['-o', name, sourceName(program), ...LIBRARIES]
  const threads = program.kind === 'source' ? ['-pthread', ONCE] : ['-pthread']
  if (libc === 'glibc') return [[cc, '-static', ...threads, ...files]]
  return [
    [cc, ...MUSL_FLAGS, ...kernelHeaders(arch), ...files],
    [...STRIP, name],
  ]
}

/**
 * The parts of the C library that lie in files of their own before glibc 2.34 (musl has empty ones): they cost nothing
 * where no function of them is called, and programs of one file often call one.
 */
const LIBRARIES = ['-lm', '-lrt', '-ldl']

/**
 * Static code of glibc before 2.34 asks whether pthread_once is there and calls it all the same: shm_open crashed in
 * ubuntu:20.04. It adds 20 kB there, so our own hello.c does without.
 */
const ONCE = '-Wl,-u,pthread_once'

/** Where Debian and Ubuntu keep the kernel's headers for a machine, which musl-gcc does not look for by itself. */
const MULTIARCH: Readonly<Record<string, string>> = {
  amd64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  '386': 'i386-linux-gnu',
  ppc64le: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
}

/** They come after musl's own, and a folder that is not there does no harm. */
const kernelHeaders = (arch: Arch | null): string[] => {
  const machines = arch === null ? ['amd64', 'arm64'] : [arch]
  const folders = machines.flatMap(name => MULTIARCH[name] ?? [])
  return ['', ...folders].flatMap(folder => ['-idirafter', posix.join('/usr/include', folder)])
}

/** The Debian and Ubuntu packages that hold the compiler and what it links against. */
export const builderPackages = ({ libc }: MinimalAnswers): string[] =>
  libc === 'musl' ? ['gcc', 'musl-tools', 'linux-libc-dev'] : ['gcc', 'libc6-dev']
