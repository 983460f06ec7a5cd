/** What a reader understood of a child's output. */
export type Reading =
  /** A line for the log, without its line end and without escape sequences. */
  | { readonly kind: 'line'; readonly text: string }
  /** How far the step is. */
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** What a root filesystem measures in bytes, and what was done to it just before. */
  | { readonly kind: 'size'; readonly bytes: number; readonly after: string }
  /** The mirror that packages are fetched from, without user and password. */
  | { readonly kind: 'mirror'; readonly url: string }

export interface Progress {
  /** 0 to 1, never falling within a step; absent when it is not known. */
  readonly fraction?: number
  /** Done and total in `unit`, when they are known. */
  readonly done?: number
  readonly total?: number
  readonly unit?: 'bytes' | 'layers' | 'packages' | 'steps'
  /** A few words on what is happening now: `Unpacking gcc-10`. */
  readonly text?: string
}

/** Which of a child's outputs a chunk came from. */
export type Source = 'stdout' | 'stderr'

/** Reads one output format. Chunks come as the child wrote them: cut anywhere, even within a character. */
export interface Reader {
  readonly read: (chunk: Uint8Array, source: Source) => Reading[]
  /** The child has ended: what was still held back. */
  readonly end: () => Reading[]
  /** This many more bytes were handed from one stage of the pipeline to the next; 0 tells that time has passed. */
  readonly passed?: (bytes: number) => Reading[]
  /** How many bytes the output said would be handed over, or null when it did not say. */
  readonly announced?: () => number | null
}
