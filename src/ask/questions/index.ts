import { arch } from './arch.ts'
import { bootstrap } from './bootstrap.ts'
import { builder } from './builder.ts'
import { compileIn } from './compile-in.ts'
import { distro } from './distro.ts'
import { engine } from './engine.ts'
import { include } from './include.ts'
import { keyring } from './keyring.ts'
import { kind } from './kind.ts'
import { libc } from './libc.ts'
import { mirror } from './mirror.ts'
import { directory, output } from './places.ts'
import { program } from './program.ts'
import { recipe } from './recipe.ts'
import { release } from './release.ts'
import { locked, snapshot, sources, updates } from './root.ts'
import { cmd, entrypoint, env, expose, label, user } from './settings.ts'
import { slim } from './slim.ts'
import { tag } from './tag.ts'
import { variant } from './variant.ts'
import { withExtras } from './with.ts'

/** Every question, by the key that answers.json and the code use. */
export const questions = {
  kind,
  tag,
  program,
  libc,
  with: withExtras,
  distro,
  recipe,
  release,
  variant,
  slim,
  include,
  entrypoint,
  cmd,
  env,
  expose,
  user,
  label,
  'compile-in': compileIn,
  bootstrap,
  updates,
  snapshot,
  locked,
  mirror,
  keyring,
  sources,
  builder,
  arch,
  engine,
  output,
  directory,
}

export type QuestionName = keyof typeof questions

/** The questions that only one kind of image asks. */
export const ONLY = {
  minimal: ['program', 'libc', 'with', 'compile-in'],
  full: [
    'distro',
    'recipe',
    'release',
    'variant',
    'slim',
    'include',
    'bootstrap',
    'updates',
    'snapshot',
    'locked',
    'mirror',
    'keyring',
    'sources',
  ],
} as const satisfies Record<'minimal' | 'full', readonly QuestionName[]>

/** The questions on how an image is started. */
const SETTINGS = ['entrypoint', 'cmd', 'env', 'expose', 'user', 'label'] as const

/** The questions whose answers decide a result: the keys of answers.json, for each kind of image. */
export const SAVED: Readonly<Record<'minimal' | 'full', readonly QuestionName[]>> = {
  minimal: ['kind', 'tag', ...ONLY.minimal, 'builder', 'arch', 'engine', ...SETTINGS],
  full: ['kind', 'tag', ...ONLY.full, 'builder', 'arch', 'engine', ...SETTINGS],
}
