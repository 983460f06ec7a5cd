import type { Sized } from '../bars.ts'

/** A command of the tour, and how it ended. */
export interface TourCommand {
  /** As a person would type it. */
  readonly command: string
  readonly exitCode: number | null
  /** What it printed, stdout and stderr, in lines. */
  readonly printed: readonly string[]
}

/** One stop of the tour. */
export interface Scene {
  readonly id: SceneName
  readonly commands: readonly TourCommand[]
  /** Sizes to compare; empty where there are none. */
  readonly sizes: readonly Sized[]
}

export type SceneName = 'compile' | 'run' | 'loader' | 'shell' | 'certificates'

/** A tour that was taken: what its commands really printed. */
export interface Recording {
  readonly version: 1
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** `Docker 28.2, linux/amd64`. */
  readonly engine: string
  readonly scenes: readonly Scene[]
}
