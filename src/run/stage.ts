import type { Readable, Writable } from 'node:stream'
import type { CraftResult } from './crafts/craft.ts'

/** How a stage ended. */
export interface StageEnd {
  /** The exit code; null when it was killed or never ran. */
  readonly exitCode: number | null
  /** What ended it, in words, when that is known: a signal, the kernel for lack of memory. */
  readonly note: string | null
  /** The signal that ended it, by its name, when it was a program of this machine. */
  readonly signal?: string
}

/** How a craft came out: what it gives, or the error that it failed with itself. */
export type CraftEnd = { readonly result: CraftResult } | { readonly error: unknown }

/** A stage that has been started. */
export interface Running {
  /** What the stage is called in messages: `docker build`. */
  readonly name: string
  readonly stdin: Writable | null
  readonly stdout: Readable
  readonly stderr: Readable
  /** Settles when the stage has ended and its clean-up, if any, is under way. Never rejects. */
  readonly ended: Promise<StageEnd>
  /** Ends it now, with everything that it started. Never rejects. */
  readonly kill: () => Promise<void>
  /** For a craft, how it came out; null while it works and when it was ended. */
  readonly craft?: () => CraftEnd | null
}
