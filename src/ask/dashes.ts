/** A command line split at its `--`. */
export interface SplitLine {
  /** What is ours: the command, the folder, the flags. */
  readonly own: readonly string[]
  /** What the proof hands to the program: the words after a `--` that other arguments come before. */
  readonly words: readonly string[]
}

/**
 * Returns a command line split at its `--`. Package managers hand on the `--` that was theirs: one that comes first, or
 * after the folder alone, is dropped (measured with pnpm, which hands it on, and npm, which does not).
 */
export const splitAtDashes = (argv: readonly string[]): SplitLine => {
  const at = argv.indexOf('--')
  if (at === -1) return { own: argv, words: [] }
  const before = argv.slice(0, at)
  const after = argv.slice(at + 1)
  const isTheirs = at === 0 || (at === 1 && !before[0]!.startsWith('-'))
  return isTheirs ? splitAtDashes([...before, ...after]) : { own: before, words: after }
}
