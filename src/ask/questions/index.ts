import { arch } from './arch.ts'
import { builder } from './builder.ts'
import { compileIn } from './compile-in.ts'
import { engine } from './engine.ts'
import { kind } from './kind.ts'
import { libc } from './libc.ts'
import { directory, output } from './places.ts'
import { program } from './program.ts'
import { tag } from './tag.ts'
import { withExtras } from './with.ts'

/** Every question, by the key that answers.json and the code use. */
export const questions = {
  kind,
  tag,
  program,
  libc,
  with: withExtras,
  'compile-in': compileIn,
  builder,
  arch,
  engine,
  output,
  directory,
}

export type QuestionName = keyof typeof questions

/** The questions whose answers decide a result: the keys of answers.json. */
export const SAVED = [
  'kind',
  'tag',
  'program',
  'libc',
  'with',
  'compile-in',
  'builder',
  'arch',
  'engine',
] as const satisfies readonly QuestionName[]
