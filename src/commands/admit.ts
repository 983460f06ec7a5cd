import { basename } from 'node:path'
import type { Answers, Program } from '../ask/answers.ts'
import { inspectFile } from '../elf/file-kind.ts'
import { refusal } from '../elf/refusal.ts'
import { UsageError } from '../errors.ts'

/** Looks at what goes in before anything is made. Throws UsageError that says why it can't. */
export const admitAnswers = async (answers: Answers, arch: string): Promise<void> => {
  if (answers.kind === 'minimal') await admitProgram(answers.program, arch)
}

/** Looks at a ready program before anything is made. Throws UsageError that says why it can't go into the image. */
export const admitProgram = async (program: Program, arch: string): Promise<void> => {
  if (program.kind !== 'binary') return
  const refused = refusal(await inspectFile(program.path), basename(program.path), arch)
  if (refused !== null) throw new UsageError(refused.what, refused.todo)
}
