import type { RunContext } from './context.ts'
import { toMusl } from '../plan/minimal/to-musl.ts'
import { repeatCommand } from './repeat-command.ts'

/** What GNU ld says where static code of glibc loads shared libraries when it runs. */
const WARNING =
  /warning: Using '([^']+)' in statically linked applications requires at runtime the shared libraries/g

/** Returns the functions that a linker warned of, each once. */
export const warnedOf = (lines: readonly string[]): string[] => [
  ...new Set([...lines.join('\n').matchAll(WARNING)].map(([, name = '']) => name)),
]

/**
 * Returns the packages that dpkg-query listed among a compiler's lines, with a tab before the version. None where there
 * are several compilers of a kind, because nothing tells which one it was.
 */
export const madeWithOf = (lines: readonly string[]): string[] => {
  const found = lines.filter(line =>
    /^(?:gcc|libgcc|libc6|musl)-(?!\S*-base[:\t])\S+\t\S+$/.test(line),
  )
  return found.filter(line => /^gcc-\d+\t/.test(line)).length > 1 ? [] : found
}

/** Returns what a person must know of them, and the way out; nothing when there are none. */
export const linkerNotes = (
  names: readonly string[],
  context: Pick<RunContext, 'plan' | 'facts'>,
): string[] => {
  if (names.length === 0) return []
  const many = names.length > 1
  const musl = toMusl(context.plan.commandLine, context.facts)
  return [
    `The linker warns: ${names.join(', ')} ${many ? 'look' : 'looks'} for shared libraries of glibc when the program runs, and a scratch image has none.`,
    names.includes('dlopen')
      ? '-> No static program can load others by dlopen: leave it out, or put the program on a full image.'
      : `-> With musl nothing is looked for: ${musl === null ? NO_MUSL : repeatCommand(context, `${musl} --force`)}`,
  ]
}

const NO_MUSL = 'it takes an engine or musl-gcc, and --libc musl for one architecture.'
