import type { Facts } from '../../engine/facts.ts'
import type { CommandLine } from '../command-line.ts'

/**
 * Returns the change to a command line that links musl instead of glibc, or null where that can't be had: there are no
 * cross compilers for it, and without musl-gcc it takes an engine.
 */
export const toMusl = (
  { flags }: CommandLine,
  { compiler, engine }: Pick<Facts, 'compiler' | 'engine'>,
): string | null => {
  if (flags['arch']?.includes(',') === true) return null
  if (compiler.muslGcc !== null) return '--libc musl'
  if (engine === null) return null
  return flags['compile-in'] === 'host' ? '--libc musl --compile-in container' : '--libc musl'
}
