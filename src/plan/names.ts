import { basename, isAbsolute, relative } from 'node:path'
import type { Program } from '../ask/answers.ts'

/** The program's file name in the project folder and, below `/`, in the image. */
export const programName = (program: Program): string => {
  if (program.kind === 'source') return basename(program.path, '.c')
  return program.kind === 'binary' ? basename(program.path) : 'hello'
}

/** A path as a person who stands in `from` would type it: relative when it lies below, else as it is. */
export const shownPath = (from: string, path: string): string => {
  const near = relative(from, path)
  if (near === '' || near.startsWith('..') || isAbsolute(near)) return path
  return near.startsWith('-') ? `./${near}` : near
}

/** The C file's name in the project folder. */
export const sourceName = (program: Program): string => `${programName(program)}.c`
