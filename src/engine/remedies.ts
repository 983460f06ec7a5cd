import { stripVTControlCharacters } from 'node:util'
import type { Remedy } from './facts.ts'
import { ARCHIVE_ROWS } from './remedies/archive-rows.ts'
import { COMPILER_ROWS } from './remedies/compiler-rows.ts'
import { DAEMON_ROWS, INTERRUPTION_ROWS } from './remedies/daemon-rows.ts'
import { ENGINE_ROWS } from './remedies/engine-rows.ts'
import { HINT_ROWS } from './remedies/hint-rows.ts'
import { PACKAGE_ROWS } from './remedies/package-rows.ts'
import { PODMAN_ROWS } from './remedies/podman-rows.ts'
import { PUSH_ROWS } from './remedies/push-rows.ts'
import { REGISTRY_ROWS } from './remedies/registry-rows.ts'
import type { RemedyRow } from './remedies/row.ts'
import { PROGRAM_ROWS } from './remedies/program-rows.ts'
import { SCRIPT_ROWS } from './remedies/script-rows.ts'

/** Where an error text came from. */
export interface RemedyContext {
  readonly platform: NodeJS.Platform
  /** The engine's client, as it is typed; `docker` when absent. */
  readonly client?: string
  /** The image that the command was about. */
  readonly image?: string
  /** True when the text comes from our builder container, false when it is about the image being made. */
  readonly builderStep?: boolean
  /** True when the engine was being handed an archive, so that no registry is involved. */
  readonly archive?: boolean
  /** True on Linux inside Windows. */
  readonly wsl?: boolean
  /** True when it does not come from a container but from this machine. */
  readonly host?: boolean
  /** Whose output it is, once it has run; without it, it may also be the engine's. */
  readonly voice?: 'compiler' | 'packages' | 'registry'
  /** The command line that repeats the run with a change made to it, such as `--libc musl`; null when it would be refused. */
  readonly changed?: (change: string) => string | null
}

// The first row that matches wins: what causes other errors comes before what follows from it.
const ROWS: readonly RemedyRow[] = [
  ...SCRIPT_ROWS,
  ...ENGINE_ROWS,
  ...DAEMON_ROWS,
  ...PODMAN_ROWS,
  ...ARCHIVE_ROWS,
  ...PACKAGE_ROWS,
  ...REGISTRY_ROWS,
  ...PROGRAM_ROWS,
  ...COMPILER_ROWS,
  ...INTERRUPTION_ROWS,
]

/** A full disk explains everything that comes after it, and so does memory that ran out. */
const OF_MACHINE = (code: string): boolean =>
  ['no-space', 'out-of-memory', 'exec-format'].includes(code)
const MACHINE_ROWS = [...ENGINE_ROWS, ...PROGRAM_ROWS].filter(({ code }) => OF_MACHINE(code))

/** Where the output of what ran in a container, or here, can be meant: a compiler quotes whatever a source says. */
const ROWS_OF: Readonly<Record<NonNullable<RemedyContext['voice']>, readonly RemedyRow[]>> = {
  compiler: [...MACHINE_ROWS, ...COMPILER_ROWS],
  registry: [...PUSH_ROWS, ...DAEMON_ROWS, ...PODMAN_ROWS, ...REGISTRY_ROWS, ...INTERRUPTION_ROWS],
  packages: [...MACHINE_ROWS, ...ARCHIVE_ROWS, ...PACKAGE_ROWS],
}

/**
 * What to do about the output of a command that failed (or that only warned), or null when no row knows it.
 * `text` is what it wrote, colours and carriage returns included, the newest lines last.
 */
export const findRemedy = (text: string, context: RemedyContext): Remedy | null => {
  const plain = withoutEscapes(text)
  const rows = context.voice === undefined ? ROWS : ROWS_OF[context.voice]
  for (const row of rows) {
    const match = isHere(row, context) ? row.when?.exec(plain) : null
    if (match) return remedyFrom(row, context, match)
  }
  return null
}

/**
 * What may be done about the output of a program that started in a scratch image and did not end with 0; `hadWords`
 * says that it was given some.
 */
export const hintsOf = (text: string, context: RemedyContext, hadWords: boolean): string[] => {
  const plain = withoutEscapes(text)
  const row = HINT_ROWS.find(({ when }) => when?.test(plain))
  if (row === undefined || (row.code === 'wants-words' && hadWords)) return []
  const { what, todo } = remedyFrom(row, context, [])
  return row.code === 'wants-words' ? [...todo] : [what, ...todo]
}

/**
 * The remedy with this code, for what is known without an error text; `detail` is put where the sentence has room
 * for one. Throws an Error when no row has the code: the caller is wrong.
 */
export const remedyOf = (code: string, context: RemedyContext, detail = ''): Remedy => {
  const row = ROWS.find(candidate => candidate.code === code && isHere(candidate, context))
  if (row === undefined) throw new Error(`No remedy has the code ${code}`)
  return remedyFrom(row, context, ['', detail])
}

// A carriage return starts a line over: what it wrote before is a line of its own here.
const withoutEscapes = (text: string): string =>
  stripVTControlCharacters(text).replaceAll('\r', '\n')

const isHere = (
  { where }: RemedyRow,
  { builderStep = false, archive = false }: RemedyContext,
): boolean => {
  if (where === 'archive') return archive
  return where === undefined || (where === 'builder') === builderStep
}

const remedyFrom = (
  row: RemedyRow,
  context: RemedyContext,
  groups: readonly (string | undefined)[],
): Remedy => {
  const found = groups.slice(1).find(group => group !== undefined && group !== '')
  const fill = (text: string) => filled(text, context, found?.trim())
  return {
    code: row.code,
    what: fill(row.what),
    todo: todoOf(row, context)
      .filter(line => !isRefused(line, context))
      .map(fill),
    lacks: row.lacks,
  }
}

const todoOf = (
  { todo }: RemedyRow,
  { platform, client, wsl = false, host = false }: RemedyContext,
): readonly string[] => {
  if (client === undefined && todo.alone) return todo.alone
  if (host && todo.host) return todo.host
  if (client === 'podman' && todo.podman) return todo.podman
  if (wsl && todo.wsl) return todo.wsl
  if (platform === 'darwin') return todo.darwin ?? todo.all
  if (platform === 'win32') return todo.win32 ?? todo.all
  return todo.all
}

/** Advice that would be refused is left out. */
const isRefused = (line: string, { changed }: RemedyContext): boolean =>
  [...line.matchAll(CHANGED)].some(([, change = '']) => changed?.(change) === null)

const CHANGED = /\{changed ([^}]*)\}/g

const filled = (text: string, context: RemedyContext, found: string | undefined): string =>
  text
    .replaceAll('{client}', () => context.client ?? 'docker')
    .replaceAll('{image}', () => context.image ?? 'the image')
    .replace(CHANGED, (_, change: string) => context.changed?.(change) ?? change)
    .replace(/\{found\|([^}]*)\}/g, (_, otherwise: string) => found ?? otherwise)
