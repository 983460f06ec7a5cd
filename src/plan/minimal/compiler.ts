import { posix } from 'node:path'
import type { Answers, MinimalAnswers } from '../../ask/answers.ts'
import type { Arch } from '../../engine/facts.ts'
import { CROSS } from '../../ask/questions/arch.ts'
import { multiarchTuple } from '../multiarch.ts'
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

/** The compiler for an architecture by the name that it has on every machine, also on one of its own kind. */
export const crossCompiler = (arch: Arch): string => `${CROSS[arch]?.machine}-gcc`

/** The compilers on this machine that answers may ask for, by architecture: none unless they are for several. */
export const crossCompilers = (answers: Answers): Readonly<Record<string, string>> =>
  answers.kind === 'minimal' && answers.compileIn !== 'container' && answers.program.kind !== 'raw'
    ? Object.fromEntries(answers.archs.map(arch => [arch, crossCompiler(arch)]))
    : {}

/**
 * The shell text that makes a program for each of several architectures below `linux/`, in the current folder. Its words
 * are the program's name, `arm64:COMPILER` for each, and the options before the files.
 */
export const COMPILE_EACH =
  'name=$1 all=$2 && shift 2 && for one in $all; do mkdir -p "linux/${one%%:*}" && ' +
  '"${one#*:}" "$@" -o "linux/${one%%:*}/$name" "$name.c" -lm -lrt -ldl >&2 || exit; done'

/** The words of that text. */
export const compileEachWords = ({ archs, program }: MinimalAnswers): string[] => [
  programName(program),
  archs.map(arch => `${arch}:${crossCompiler(arch)}`).join(' '),
  '-static',
  '-pthread',
  ...(program.kind === 'source' ? [ONCE] : []),
]

/** The packages of the cross compilers for several architectures on a machine of `here`. */
export const crossPackages = (archs: readonly Arch[], here: Arch): string[] =>
  archs.flatMap(arch => {
    const { debian, machine } = CROSS[arch]!
    return arch === here
      ? ['gcc', 'libc6-dev']
      : [`gcc-${machine.replace('_', '-')}`, `libc6-dev-${debian}-cross`]
  })

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

/** The folders of the kernel's headers, which musl-gcc does not look for by itself: after musl's own; a missing one does no harm. */
const kernelHeaders = (arch: Arch | null): string[] => {
  const machines = arch === null ? ['amd64', 'arm64'] : [arch]
  const folders = machines.flatMap(name => multiarchTuple(name) ?? [])
  return ['', ...folders].flatMap(folder => ['-idirafter', posix.join('/usr/include', folder)])
}

/** The Debian and Ubuntu packages that hold the compiler and what it links against, on a machine of `here`. */
export const builderPackages = ({ libc, archs }: MinimalAnswers, here: Arch): string[] =>
  archs.length > 0
    ? crossPackages(archs, here)
    : libc === 'musl'
      ? ['gcc', 'musl-tools', 'linux-libc-dev']
      : ['gcc', 'libc6-dev']
