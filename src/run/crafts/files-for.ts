import type { ProgramInput } from '../../plan/craft-inputs.ts'
import { programFor } from '../../plan/names.ts'

/** The program's file for each architecture of a craft's input, relative to the project folder. */
export const filesFor = ({
  file,
  arch,
  archs = [],
}: ProgramInput): readonly { readonly file: string; readonly arch: string }[] =>
  archs.length === 0
    ? [{ file, arch }]
    : archs.map(each => ({ file: programFor(each, file), arch: each }))
