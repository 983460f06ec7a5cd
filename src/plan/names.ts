import { basename } from 'node:path'
import type { Program } from '../ask/answers.ts'

/** The program's file name in the project folder and, below `/`, in the image. */
export const programName = (program: Program): string => {
  if (program.kind === 'source') return basename(program.path, '.c')
  return program.kind === 'binary' ? basename(program.path) : 'hello'
}

/** The C file's name in the project folder. */
export const sourceName = (program: Program): string => `${programName(program)}.c`
