/** A value that can be chosen, with a sentence on what it means. */
export interface Choice {
  readonly value: string
  readonly says: string
}

export type Group = 'image' | 'how' | 'running' | 'output'

/** One question: feeds its flag, `--help`, answers.json and, at a terminal, the prompt. */
export interface Question<T> {
  /** The flag without dashes, and the key in answers.json. */
  readonly name: string
  readonly group: Group
  /** How the value is written in `--help`. */
  readonly value: string
  readonly says: string
  /** How the default reads in `--help`. */
  readonly standard: string
  readonly choices?: readonly Choice[]
  /** The value of a text; paths are relative to `base`. Throws UsageError with the valid values. */
  readonly parse: (text: string, base: string) => T
}
