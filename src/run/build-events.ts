import type { Event, Outcome } from './events.ts'

/** An image among others, as a view of many needs it. */
export interface ImageSummary {
  readonly name: string
  /** The project folder. */
  readonly folder: string
}

/** How an image came out. */
export interface ImageEnd {
  readonly name: string
  readonly state: 'made' | 'failed' | 'stopped'
  readonly seconds: number
  /** Of an image that was made. */
  readonly outcome?: Outcome
  /** Why it was not. */
  readonly message?: string
  readonly todo?: readonly string[]
}

export interface BuildStarted {
  readonly type: 'build'
  readonly version: 1
  /** How many are made at once. */
  readonly jobs: number
  readonly images: readonly ImageSummary[]
}

export interface BuildEnded {
  readonly type: 'build-done'
  readonly exitCode: number
  readonly seconds: number
  readonly images: readonly ImageEnd[]
}

/** Draws many runs at once. The index says which image an event is of. */
export interface BuildView {
  readonly start: (started: BuildStarted) => void | Promise<void>
  readonly show: (index: number, events: readonly Event[]) => void | Promise<void>
  /** An image is finished, however it ended. */
  readonly ended: (index: number, end: ImageEnd) => void | Promise<void>
  readonly finish: (ended: BuildEnded) => void | Promise<void>
  readonly close: () => void | Promise<void>
}
