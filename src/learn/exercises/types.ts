/** What must be true of the learner's image. Each kind is one function in checks.ts. */
export type Check =
  | {
      readonly kind: 'runs'
      /** Words after the image's name. */
      readonly args?: readonly string[]
      /** `NAME=value` each. */
      readonly env?: readonly string[]
      /** A regular expression that one line of its output must match, or lines that follow one another. */
      readonly prints: string
      /** All of its output, trimmed, must match. */
      readonly whole?: true
      readonly says: string
    }
  | { readonly kind: 'size'; readonly below: number }
  | { readonly kind: 'no-shell' }
  | { readonly kind: 'user' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'certificates'; readonly path: string; readonly least: number }
  | { readonly kind: 'child'; readonly of: string }
  | { readonly kind: 'same'; readonly message: string }

/** A step of a solution: a file that is written, or a program that is run, in the exercise's folder. */
export type SolutionStep =
  { readonly write: string; readonly text: string } | { readonly run: readonly string[] }

/** An exercise: one folder of data below assets/learn/exercises. */
export interface Exercise {
  readonly name: string
  readonly title: string
  /** The image that the learner makes, and that is judged. */
  readonly image: string
  /** Paragraphs; one that begins with four spaces is a command. */
  readonly task: readonly string[]
  /** A nudge, then the idea; the solution is the last hint. */
  readonly hints: readonly string[]
  readonly checks: readonly Check[]
  /** One sentence on what was learnt, said when it is passed. */
  readonly learnt: string
  /** Programs that are written when it begins: `dynamic`, or `raw:MESSAGE`. */
  readonly make: Readonly<Record<string, string>>
  readonly solution: readonly SolutionStep[]
  /** The folder of the files that it begins with, absolute; there may be none. */
  readonly files: string
}

/** What a check came to. */
export interface Verdict {
  readonly passed: boolean
  /** What was checked: `it prints …`. */
  readonly what: string
  readonly expected: string
  readonly found: string
}
