/** One of several things to choose from. */
export interface Option {
  readonly value: string
  readonly label: string
  /** One sentence that says what choosing it means. */
  readonly says?: string
  /** Words that a filter finds besides the label: '24.04 noble numbat'. */
  readonly also?: string
  /** Stays in the list whatever is typed. */
  readonly always?: true
  /** Stands in the list only when what is typed finds it. */
  readonly rare?: true
  /** Shown next to the label where there is room; `says` has it too. */
  readonly beside?: string
  /** The same for windows where `beside` has no room. Options with it are rows of a table, read aloud cell by cell. */
  readonly brief?: string
}

/** The letter that answers a yes/no question by an option: y for Yes, n for No; empty for every other option. */
export const letterOf = ({ label }: Pick<Option, 'label'>): string =>
  /^(?:yes|no)$/i.test(label) ? label.charAt(0).toLowerCase() : ''

/** What an answer leads to. */
export interface Ahead {
  /** Lines of a Dockerfile, and after them commands, which begin with `$ `. */
  readonly made: readonly string[]
  /** The command of these to show where there is room for one; the first when it is left out. */
  readonly command?: string
  /** How large it is, how long it takes, how much is downloaded: a sentence each. */
  readonly costs: readonly string[]
}

/** Says what each value of a question leads to; null where nothing is known. */
export interface Foresight {
  readonly of: (value: string) => Ahead | null
  /** Settles once `of` knows more than it did at first; the question is drawn again then. */
  readonly known: Promise<unknown>
}

interface PromptInput {
  readonly message: string
  /** A sentence or two that help to answer. */
  readonly hint?: string
  /** Why the last answer was not accepted, line by line. */
  readonly problem?: readonly string[]
  /** True for the first question: Esc leads nowhere, so the screen does not offer it. */
  readonly first?: boolean
  /** What the value that the cursor is at, or that is typed, leads to: shown next to the question or below it. */
  readonly foresight?: Foresight
  /** What a value stands for, where it is not an answer of its own: an answer, what it leads to, or null for neither. */
  readonly means?: (value: string) => string | Ahead | null
}

/** A question with a list of answers. */
export interface ChoosePrompt extends PromptInput {
  readonly options: readonly Option[]
  /** The value that Enter takes at first; the first option's without one. */
  readonly initial?: string
  /** Typing narrows the options. */
  readonly filter?: true
  /** Values that the digits 1 to 9 answer with at once, instead of the options' own numbers. */
  readonly digits?: readonly string[]
}

/** A question that is answered by typing. */
export interface WritePrompt extends PromptInput {
  /** What an empty answer means; the empty text when there is no such thing. */
  readonly standard: string
  /** A text that already is in the line, to be changed. */
  readonly typed?: string
  /** What Tab makes of a text; the lines of `found` are what it may still become. */
  readonly complete?: (text: string) => { readonly text: string; readonly found: readonly string[] }
  /** Why a text is not an answer, line by line; null when it is one. */
  readonly check: (text: string) => readonly string[] | null
}

/** A line that stays above the questions. */
export interface PageLine {
  /** An answer that the person gave; where lines are read aloud it is not repeated. */
  readonly kind: 'answer' | 'text'
  readonly text: string
  readonly style?: 'strong' | 'dim' | 'bad'
  /** Its place in a numbered list. */
  readonly number?: number
  /** May be left out where the window lacks rows: the lowest number goes first. */
  readonly spare?: 1 | 2 | 3
  /** Stands before the text; further lines are aligned with its first. */
  readonly lead?: string
}

/** Asks a person. Both questions throw Back and Leave. */
export interface Asker {
  /** The value of the chosen option. */
  readonly choose: (prompt: ChoosePrompt) => Promise<string>
  /** A text that `check` accepted. */
  readonly write: (prompt: WritePrompt) => Promise<string>
  /** Makes these the lines above the next question: what changed since the last call is drawn again. */
  readonly page: (lines: readonly PageLine[]) => void
  /** Leaves the lines on the screen for good; the next page begins below them. */
  readonly settle: () => void
}

/** The person wants the question before. */
export class Back extends Error {
  override readonly name = 'Back'
}

export type LeaveReason = 'ctrl-c' | 'ctrl-d' | 'end' | 'hang-up' | 'word'

/** The person leaves: by a key, by the word, or because nothing more can be typed: the input has ended, or the terminal is gone. */
export class Leave extends Error {
  override readonly name = 'Leave'
  readonly reason: LeaveReason

  constructor(reason: LeaveReason) {
    super(`left by ${reason}`)
    this.reason = reason
  }
}

/** Throws when a question can't be chosen from: a defect in the question, found before it is asked. */
export const checkOptions = ({ message, options }: ChoosePrompt): void => {
  const values = new Set(options.map(({ value }) => value))
  if (options.length > 0 && values.size === options.length && !values.has('')) return
  throw new Error(`"${message}" has no options, or two of one value.`)
}
