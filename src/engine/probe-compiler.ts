import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CompilerFacts } from './facts.ts'
import { inTemporaryFolder } from '../text/temporary-folder.ts'
import type { TimedProbe } from './run-probe.ts'

/**
 * Which C compilers of this machine link statically, found by compiling two lines in a folder that is removed again.
 * Only the C libraries in `libcs` are tried; the compiler of another counts as not there.
 */
export const probeCompiler = async (
  probe: TimedProbe,
  env: NodeJS.ProcessEnv,
  libcs: readonly Libc[],
): Promise<CompilerFacts> => {
  const problem = libcs.length === 0 ? null : await temporaryProblem()
  if (problem !== null) return { cc: null, muslGcc: null, problem }
  const [cc, muslGcc] = await Promise.all([
    libcs.includes('glibc') ? firstThatLinks(['cc', 'gcc', 'clang'], probe, env) : null,
    libcs.includes('musl') ? firstThatLinks(['musl-gcc'], probe, env) : null,
  ])
  return { cc, muslGcc }
}

/** Which of these compilers link statically here: their architectures, by the compiler's name for each. */
export const crossHere = async (
  compilers: Readonly<Record<string, string>>,
  probe: TimedProbe,
  env: NodeJS.ProcessEnv,
): Promise<string[]> => {
  const found = await Promise.all(
    Object.entries(compilers).map(async ([arch, program]) =>
      (await linksStatically(program, probe, env)) === 'yes' ? [arch] : [],
    ),
  )
  return found.flat()
}

/** A C library that a program may be linked with. */
export type Libc = 'glibc' | 'musl'

// One after the other: on most machines the first one answers, and the others are the same program.
const firstThatLinks = async (
  programs: readonly string[],
  probe: TimedProbe,
  env: NodeJS.ProcessEnv,
): Promise<string | null> => {
  for (const program of programs) {
    const answer = await linksStatically(program, probe, env)
    if (answer === 'yes') return program
    if (answer === 'no answer') return null
  }
  return null
}

const linksStatically = async (
  program: string,
  probe: TimedProbe,
  env: NodeJS.ProcessEnv,
): Promise<'yes' | 'no' | 'no answer'> => {
  const tried = inTemporaryFolder(PREFIX, folder =>
    probe({
      program,
      args: ['-static', '-x', 'c', '-', '-o', 'probe'],
      // A compiler that is stopped leaves its own temporary files: they go with the folder.
      env: { ...env, TMPDIR: folder },
      input: PROGRAM,
      cwd: folder,
    }),
  )
  const answer = await tried.catch(() => null)
  if (answer?.timedOut === true) return 'no answer'
  return answer?.exitCode === 0 ? 'yes' : 'no'
}

const PREFIX = 'create-base-image-probe-'

const PROGRAM = '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'

/** Why nothing can be compiled in the temporary folder, in words; null when it takes files. */
const temporaryProblem = (): Promise<string | null> =>
  inTemporaryFolder(PREFIX, folder => writeFile(join(folder, 'probe'), Buffer.alloc(MUCH))).then(
    () => null,
    (error: unknown) => whyNot(String((error as NodeJS.ErrnoException).code)),
  )

/** A static program has nearly a megabyte, and its parts as much again. */
const MUCH = 2 * 1024 * 1024

const whyNot = (name: string): string => {
  const why = { ENOSPC: 'the disk is full', ENOENT: 'it is not there', EROFS: 'it is read-only' }
  return `the temporary folder ${tmpdir()} takes no files (${why[name as keyof typeof why] ?? name})`
}
