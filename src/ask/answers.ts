import type { Arch } from '../engine/facts.ts'

/** What goes into a minimal image. Paths are absolute. */
export type Program =
  | { readonly kind: 'bundled' }
  | { readonly kind: 'source'; readonly path: string }
  | { readonly kind: 'binary'; readonly path: string }
  | { readonly kind: 'raw'; readonly message: string | null }

/** Files that programs tend to need besides themselves. */
export type Extra = 'ca-certificates' | 'tzdata' | 'user'

/** Everything that decides a result. Saved beside it as answers.json. */
export interface Answers {
  readonly version: 1
  readonly kind: 'minimal'
  /** The image's name as given: `name` or `name:tag`. */
  readonly tag: string
  readonly program: Program
  readonly libc: 'glibc' | 'musl'
  /** What goes in besides the program: in the order of the question, each once. */
  readonly with: readonly Extra[]
  readonly compileIn: 'auto' | 'container' | 'host'
  /** The parent of the container that compiles, by image reference. */
  readonly builder: string
  /** The wanted architecture, or null for the engine's own. */
  readonly arch: Arch | null
  readonly engine: 'auto' | 'docker' | 'none'
}

/** Where the results go; not saved, so that answers can be repeated anywhere. */
export interface Places {
  /** The project folder, absolute. */
  readonly directory: string
  /** The archive, absolute, when no engine takes the image. */
  readonly output: string
  /** True when the person named the archive. */
  readonly outputNamed: boolean
  /** The folder that the person stands in, absolute. */
  readonly from: string
}

/** Answers with their defaults in place, and the places that belong to them. */
export interface Given {
  readonly answers: Answers
  readonly places: Places
  /** True when the person named the program, so that nothing else may take its place. */
  readonly programNamed: boolean
}
