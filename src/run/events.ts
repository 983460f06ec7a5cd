import type { PackageChanges } from '../bootstrap/deb/changes.ts'
import type { Remedy } from '../engine/facts.ts'
import type { Progress, Source } from './progress/reader.ts'

/** The version of the event format, as `--json` prints it. */
export const EVENTS_VERSION = 2

/** A step as a view needs it. */
export interface StepSummary {
  readonly id: string
  readonly title: string
  readonly why: string
  /** The commands in the form a person would type. */
  readonly commands: readonly string[]
}

export interface PlanEvent {
  readonly type: 'plan'
  readonly version: typeof EVENTS_VERSION
  readonly run: string
  readonly headline: string
  readonly directory: string
  /** The command line that repeats the run, for the shell of this system. */
  readonly repeat: string
  readonly notices: readonly string[]
  readonly steps: readonly StepSummary[]
}

export interface StepStarted {
  readonly type: 'step-started'
  readonly step: string
  readonly commands: readonly string[]
  /** The exact argument lists, harness included. */
  readonly exact: readonly (readonly string[])[]
}

export interface StepSkipped {
  readonly type: 'step-skipped'
  readonly step: string
  readonly reason: string
  /** What the person must know of its result, line by line. */
  readonly notes?: readonly string[]
}

export interface StepProgress extends Progress {
  readonly type: 'progress'
  readonly step: string
}

/** The size of a root filesystem once a rule was applied to it. */
export interface StepSize {
  readonly type: 'size'
  readonly step: string
  readonly bytes: number
  /** The rule: `package lists removed`. */
  readonly after: string
}

export interface StepOutput {
  readonly type: 'output'
  readonly step: string
  readonly source: Source
  readonly line: string
}

export interface StepDone {
  readonly type: 'step-done'
  readonly step: string
  readonly seconds: number
  /** A few words on the result: `Docker 28.2, linux/amd64`. */
  readonly result: string
  /** What the person must know of it, line by line. */
  readonly notes?: readonly string[]
  /** SHA-256 of each input and output file, and of what was done with them; lets the next run skip the step. */
  readonly record?: StepRecord
}

export interface MadeImage {
  readonly id: string
  readonly bytes: number
  readonly compressedBytes: number
  readonly sizes: Outcome['sizes']
  /** What else was learnt of it, by name; absent in records of older versions. */
  readonly learnt?: Readonly<Record<string, string>>
}

export interface StepRecord {
  readonly key: string
  readonly outputs: Readonly<Record<string, string>>
  /** Functions that the linker warned of: they look for shared libraries when the program runs. */
  readonly warned?: readonly string[]
  /** The packages of the compiler and the C library, with their versions. */
  readonly madeWith?: readonly string[]
  /** The image that the step made, as the outcome tells of it. */
  readonly image?: MadeImage
}

export interface StepFailed {
  readonly type: 'step-failed'
  readonly step: string
  readonly seconds: number
  /** The exit code of the command that failed, or null when none did. */
  readonly exitCode: number | null
  readonly message: string
  readonly lastLines: readonly string[]
  readonly remedy: Remedy | null
  /** The command line that repeats the run and goes on where it failed. */
  readonly repeat: string
  /** The path of the journal. */
  readonly log: string
  /** The commands that failed, as a person would type them; of a failure that no remedy knows. */
  readonly commands?: readonly string[]
  /** The path of a text that can be sent as an issue; of a failure that no remedy knows. */
  readonly issue?: string
}

export interface Stopped {
  readonly type: 'stopped'
  readonly signal: string
  /** True once everything is cleaned up; false when stopping begins. */
  readonly clean: boolean
  /** The run is over and a container could not be removed, or the engine could not be asked. */
  readonly containersRemain?: boolean
  /** The containers that the run made and could not remove, by name. */
  readonly containers?: readonly string[]
  /** The images without a proof that it could not remove, by name. */
  readonly images?: readonly string[]
  /** The run is over and this folder, which belongs to root, could not be removed. */
  readonly leftFolder?: string
}

/** An image that was not proven has lost its name, or its archive the place, again. */
export interface GivenBack {
  readonly type: 'given-back'
  /** The name, or the archive's path. */
  readonly name: string
  /** The ID of the image, or the digest of the archive, that has it as before; null when none had it. */
  readonly id: string | null
}

/** A run that was not stopped is over, and this could not be removed. */
export interface Leftovers extends Pick<
  Stopped,
  'containersRemain' | 'containers' | 'images' | 'leftFolder'
> {
  readonly type: 'leftovers'
}

/** An image that lost its name to a new one, and has no other. */
export interface ReplacedImage {
  readonly id: string
  /** As the engine counts them. */
  readonly bytes: number
}

/** The packages of a root filesystem. */
export interface PackageCount {
  readonly total: number
  /** How many are newer than the release's own. */
  readonly newer: number
  /** The day of the newest index, `YYYY-MM-DD`. */
  readonly date: string
  /** Why nothing newer could be looked for, a sentence; absent where it was. */
  readonly unasked?: string
  /** Suites that the mirror does not have. */
  readonly missing: readonly string[]
  /** Packages with a script that did not run, where none does; absent where there is none. */
  readonly unrun?: readonly string[]
}

export interface Outcome {
  readonly type: 'outcome'
  readonly image: string
  /** The image's ID (or the archive's config digest), `sha256:…`. */
  readonly id: string
  /** `linux/amd64`; of one image for several architectures all, with commas between. */
  readonly platform: string
  /** The digest of the index in the archive of an image for several architectures, `sha256:…`; skopeo packs the layers for a registry, so there it is another. */
  readonly index?: string
  /** The name under which a registry has it, when it was pushed. */
  readonly pushed?: string
  /** The digest that a registry has it by, `sha256:…`, as the client that pushed it reports. */
  readonly pushedDigest?: string
  /** Bytes of the image's files, uncompressed. */
  readonly uncompressedBytes: number
  /**
   * Bytes of its layer by gzip -9, about what a push sends. Of a full image in an engine: by gzip -6, estimated from one
   * block in three. Null when not measured.
   */
  readonly compressedBytes: number | null
  /** The root filesystem's size as it fell, rule by rule; empty for an image that is not a distribution. */
  readonly sizes: readonly { readonly bytes: number; readonly after: string }[]
  /** How it was proven, in words, or why it was not. */
  readonly proof: string
  readonly proven: boolean
  /** What the proof printed. */
  readonly printed: string
  /** What may be done about the way the proof ended. */
  readonly hints: readonly string[]
  readonly files: readonly string[]
  readonly seconds: number
  readonly next: readonly string[]
  /** What a root filesystem was made of; absent where nobody counted. */
  readonly packages?: PackageCount
  /**
   * The config's digest, `sha256:…`, of an image that the same answers and the same index give again anywhere; absent
   * for one that they don't.
   */
  readonly same?: string
  /** How its packages differ from those of the image that it replaces; absent where nothing does. */
  readonly changes?: PackageChanges
  /** The commands of Docker's page that make a like image by hand. */
  readonly page?: readonly string[]
  /** The path of the file that keeps each step with its command and reason; absent when it could not be written. */
  readonly lesson?: string
  /** What to remember of each step, a sentence or two, in their order. */
  readonly learnt?: readonly string[]
  /** The image that had the name before, and the command that removes it. */
  readonly replaced?: ReplacedImage & { readonly remove: string }
}

export type Event =
  | PlanEvent
  | StepStarted
  | StepSkipped
  | StepProgress
  | StepSize
  | StepOutput
  | StepDone
  | StepFailed
  | Stopped
  | Leftovers
  | GivenBack
  | Outcome

/** What a person can ask of a run: go on, try the failed step again, change an answer, or stop. */
export type Intent = 'continue' | 'retry' | 'change' | 'stop'

/** Draws events. `show` may return a promise: the run waits for it, so a slow reader slows the child, not us. */
export interface View {
  readonly show: (events: readonly Event[]) => void | Promise<void>
  /** Hands the terminal to somebody else while they work, and takes it again. */
  readonly aside?: (work: () => Promise<void>) => Promise<void>
  /** Milliseconds that the view made the run wait while a person was reading; absent when it never does. */
  readonly waited?: () => number
  /** What to do after a failed step. */
  readonly decide: (failure: StepFailed) => Promise<Intent>
  /** The run is over; undo what the view did to the terminal. */
  readonly close: () => void | Promise<void>
}
