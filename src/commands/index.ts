export { run as clean } from './clean.ts'
export { run as doctor } from './doctor.ts'
export { run as inspect } from './inspect.ts'
export { run as pack } from './pack.ts'
export { run as recipe } from './recipe.ts'
export { run as releases } from './releases.ts'
import type { Io } from '../terminal/io.ts'

/** Writes a root filesystem; loaded only when it is called, because it brings the whole bootstrap. */
export const rootfs = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./rootfs.ts')).run(argv, io)

export const outdated = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./outdated.ts')).run(argv, io)

/** Commands that teach; each is loaded only when it is called, so that the others stay as light as they were. */
export const distros = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./distros.ts')).run(argv, io)
export const explain = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./explain.ts')).run(argv, io)
export const recap = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./recap.ts')).run(argv, io)
export const check = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./check.ts')).run(argv, io)
export const tour = async (argv: readonly string[], io: Io): Promise<number> =>
  (await import('./tour.ts')).run(argv, io)
