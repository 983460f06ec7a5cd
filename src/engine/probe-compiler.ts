import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CompilerFacts } from './facts.ts'
import type { Ask } from './run-probe.ts'

/**
 * Which C compilers of this machine link statically, found by compiling two lines in a folder that is removed again.
 * Only the C libraries in `libcs` are tried; the compiler of another counts as not there.
 */
export const probeCompiler = async (
  ask: Ask,
  env: NodeJS.ProcessEnv,
  libcs: readonly Libc[],
): Promise<CompilerFacts> => {
  const [cc, muslGcc] = await Promise.all([
    libcs.includes('glibc') ? firstThatLinks(['cc', 'gcc', 'clang'], ask, env) : null,
    libcs.includes('musl') ? firstThatLinks(['musl-gcc'], ask, env) : null,
  ])
  return { cc, muslGcc }
}

/** A C library that a program may be linked with. */
export type Libc = 'glibc' | 'musl'

// One after the other: on most machines the first one answers, and the others are the same program.
const firstThatLinks = async (
  programs: readonly string[],
  ask: Ask,
  env: NodeJS.ProcessEnv,
): Promise<string | null> => {
  for (const program of programs) {
    const answer = await linksStatically(program, ask, env)
    if (answer === 'yes') return program
    if (answer === 'no answer') return null
  }
  return null
}

const linksStatically = async (
  program: string,
  ask: Ask,
  env: NodeJS.ProcessEnv,
): Promise<'yes' | 'no' | 'no answer'> => {
  const folder = await makeFolder()
  if (folder === null) return 'no'
  try {
    const { exitCode, timedOut } = await ask({
      program,
      args: ['-static', '-x', 'c', '-', '-o', 'probe'],
      // A compiler that is stopped leaves its own temporary files: they go with the folder.
      env: { ...env, TMPDIR: folder },
      input: PROGRAM,
      cwd: folder,
    })
    if (timedOut) return 'no answer'
    return exitCode === 0 ? 'yes' : 'no'
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

const PROGRAM = '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'

const makeFolder = (): Promise<string | null> =>
  mkdtemp(join(tmpdir(), 'create-base-image-probe-')).catch(() => null)
