import { programFor } from '../../plan/names.ts'

/** The program's file for each architecture of a craft's input, relative to the project folder. */
export const filesFor = (
  input: Readonly<Record<string, unknown>>,
): readonly { readonly file: string; readonly arch: string }[] => {
  const file = String(input['file'])
  const archs = (input['archs'] ?? []) as readonly string[]
  return archs.length === 0
    ? [{ file, arch: String(input['arch']) }]
    : archs.map(arch => ({ file: programFor(arch, file), arch }))
}
