import type { MinimalAnswers } from '../../ask/answers.ts'
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
 * `cc` is the compiler; by default the one that `builderPackages` install.
 */
export const compilerCommand = (
  { libc, program }: MinimalAnswers,
  cc = libc === 'musl' ? 'musl-gcc' : 'gcc',
): string[][] => {
  const name = programName(program)
  // A static libm costs nothing where no function of it is called, and programs of one file often call one.
  const files = ['-o', name, sourceName(program), '-lm']
  if (libc === 'glibc') return [[cc, '-static', ...files]]
  return [
    [cc, ...MUSL_FLAGS, ...files],
    [...STRIP, name],
  ]
}

/** The Debian and Ubuntu packages that hold the compiler and what it links against. */
export const builderPackages = ({ libc }: MinimalAnswers): string[] =>
  libc === 'musl' ? ['gcc', 'musl-tools'] : ['gcc', 'libc6-dev']
