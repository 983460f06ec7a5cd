import type { Io } from '../terminal/io.ts'

/** Commands for many images in one file; each is loaded only when it is called. */
export const build = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./build/build.ts')).run(argv, io)

export const init = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./build/init.ts')).run(argv, io)

/** The machines and clusters that many images can be made on. */
export const builders = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./builders/builders.ts')).run(argv, io)
