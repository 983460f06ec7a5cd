import { cp, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { rawProgram } from '../../elf/raw.ts'
import { rawArchOf, type RawArch } from '../../elf/raw-code.ts'
import { taskFile, type Words } from './texts.ts'
import type { Exercise } from './types.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Writes what an exercise begins with into its folder; what is there is left alone unless it is to `replace` it. */
export const startExercise = async (
  exercise: Exercise,
  folder: string,
  {
    replace,
    arch,
    words,
  }: { readonly replace: boolean; readonly arch: string; readonly words: Words },
): Promise<void> => {
  const own = join(folder, exercise.name)
  if (!replace && existsSync(join(own, 'TASK.md'))) return
  await makeFolders(own)
  if (existsSync(exercise.files)) await cp(exercise.files, own, { recursive: true, force: replace })
  for (const [file, kind] of Object.entries(exercise.make))
    await writeFile(join(own, file), programOf(kind, arch), { mode: 0o755 })
  await writeFile(join(own, 'TASK.md'), taskFile(exercise, words))
}

/** A program that asks for a loader which a scratch image has not, or one that prints a message. */
const programOf = (kind: string, arch: string): Uint8Array => {
  const known = rawArchOf(arch)
  return kind === 'dynamic'
    ? rawProgram('Hello from a dynamic program.\n', known, LOADERS[known])
    : rawProgram(`${kind.replace(/^raw:/, '')}\n`, known)
}

/** Where the GNU C library puts the loader of each architecture (its ABI list). */
const LOADERS: Readonly<Record<RawArch, string>> = {
  amd64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
  arm: '/lib/ld-linux-armhf.so.3',
  '386': '/lib/ld-linux.so.2',
  ppc64le: '/lib64/ld64.so.2',
  s390x: '/lib/ld64.so.1',
  riscv64: '/lib/ld-linux-riscv64-lp64d.so.1',
  loong64: '/lib64/ld-linux-loongarch-lp64d.so.1',
}
