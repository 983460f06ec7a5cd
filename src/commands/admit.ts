import { basename, isAbsolute } from 'node:path'
import type { Given, Program } from '../ask/answers.ts'
import { programPath } from '../ask/questions/program.ts'
import { inspectFile } from '../elf/file-kind.ts'
import { refusal } from '../elf/refusal.ts'
import { UsageError } from '../errors.ts'
import { readBytes } from '../text/read-text.ts'

/** Looks at what goes in, and at the key that signs it, before anything is made. Throws UsageError that says why it can't. */
export const admitGiven = async (
  { answers, sign }: Pick<Given, 'answers' | 'sign'>,
  arch: string,
  env: NodeJS.ProcessEnv,
): Promise<void> => {
  if (answers.kind === 'minimal') await admitProgram(answers.program, arch)
  if (sign !== null && isAbsolute(sign)) await admitKey(sign, env)
}

/** cosign would ask for the password where nobody can answer. */
const admitKey = async (path: string, env: NodeJS.ProcessEnv): Promise<void> => {
  const key = readBytes(path, { most: 100_000 })?.toString() ?? null
  if (key === null)
    throw new UsageError(`--sign ${path}: this file does not exist or can't be read.`, [
      'Make a pair of keys first: cosign generate-key-pair',
    ])
  if (!key.includes('PRIVATE KEY-----'))
    throw new UsageError(`--sign ${path}: this is not a private key in PEM form.`, [
      'Name the private key of the two, cosign.key: cosign generate-key-pair makes them.',
    ])
  if (env['COSIGN_PASSWORD'] === undefined)
    throw new UsageError(`The password of ${path} is not in COSIGN_PASSWORD.`, [
      'In a shell: read -rs COSIGN_PASSWORD && export COSIGN_PASSWORD',
      'In CI: a secret of that name. For a key without a password, set it to nothing.',
    ])
}

/** Looks at a ready program before anything is made. Throws UsageError that says why it can't go into the image. */
export const admitProgram = async (program: Program, arch: string): Promise<void> => {
  if (program.kind !== 'binary') return
  const path = programPath(program.path, arch)
  const refused = refusal(await inspectFile(path), basename(path), arch)
  if (refused !== null) throw new UsageError(refused.what, refused.todo)
}
