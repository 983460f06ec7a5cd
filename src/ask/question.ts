import type { QuestionFlag } from './question-flags.ts'

/** A value that can be chosen, with a sentence on what it means. */
export interface Choice {
  readonly value: string
  /** How a list of choices names it; the value itself without one. */
  readonly label?: string
  readonly says: string
}

/** The words of a question at a terminal. */
export interface Prompt {
  /** One word that comes before the answer in a list of answers. */
  readonly label: string
  /** The question, at most 38 characters, so that it stays on one line in a narrow window. */
  readonly message: string
  /** A sentence or two that help to answer. */
  readonly hint?: string
}

/** One question: feeds its flag, `--help`, answers.json and, at a terminal, the prompt. */
export interface Question<T> extends QuestionFlag {
  /** Its flag may be given again: its text has a line for each. */
  readonly many?: true
  /** Told when it is asked: what a choice is may have to be read first. */
  readonly choices?: readonly Choice[] | (() => readonly Choice[])
  readonly prompt?: Prompt
  /** The value of a text; paths are relative to `base`. Throws UsageError with the valid values. */
  readonly parse: (text: string, base: string) => T
}
