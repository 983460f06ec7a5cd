import type { Facts, Remedy } from '../engine/facts.ts'
import type { LayerSizes } from '../oci/types.ts'
import type { Plan } from '../plan/types.ts'
import type { Event, ReplacedImage } from './events.ts'
import type { Journal } from './project/journal.ts'
import type { Project } from './project/project.ts'
import type { Values } from './values.ts'

/** Finds what an error text means; null when it is not known. */
export type FindRemedy = (text: string, said?: TextSource) => Remedy | null

/** Where an error text comes from. */
export interface TextSource {
  readonly voice?: 'compiler' | 'packages' | 'registry'
  /** No engine is involved. */
  readonly alone: boolean
  /** It comes from our builder, and is not about the image. */
  readonly builderStep: boolean
  /** The engine was being handed an archive. */
  readonly archive?: boolean
}

/** Everything that the steps of one run share. */
export interface RunContext {
  readonly plan: Plan
  readonly facts: Facts
  readonly runId: string
  readonly project: Project
  readonly journal: Journal
  readonly values: Values
  /** Aborted with the name of the signal that stops the run. */
  readonly signal: AbortSignal
  readonly env: NodeJS.ProcessEnv
  readonly assets: string
  readonly remedy: FindRemedy
  /** What may be done about what a program printed that did not end with 0. */
  readonly hintsFor: (text: string) => readonly string[]
  /** The containers that stay for later steps, by the step that made them. */
  readonly keptContainers: Map<string, string>
  /** The root filesystem's size as it fell, rule by rule. */
  readonly sizeHistory: { readonly bytes: number; readonly after: string }[]
  /** Returns data without what must not be shown or kept. */
  readonly redact: <T>(data: T) => T
  /** Shows and records events; waits for a slow view. */
  readonly emit: (events: readonly Event[]) => Promise<void>
  /** Work that the run waits for at its end. */
  readonly later: (work: Promise<unknown>) => void
  /** What the proof printed, as it came. */
  readonly printed: Uint8Array[]
  /** How the proof ended when it did not end by itself. */
  proofNote: string | null
  /** Functions of the program that the linker warned of. */
  warned: readonly string[]
  /** The packages of the compiler and the C library, with their versions, as the builder's dpkg told them. */
  madeWith: readonly string[]
  /** Why the image is not proven after all, though nothing failed; null when it is. */
  unproven: string | null
  /** True once the proof was still running when it was stopped. */
  serves: boolean
  /** What a person may do about the way the proof ended. */
  hints: readonly string[]
  /** What had the name before: an image's ID or an archive's digest, null for nothing; undefined until it is taken. */
  nameBefore: string | null | undefined
  /** The image that had the name before and has none now, or null. */
  replaced: ReplacedImage | null
  /** The sizes of the layer, measured while the steps after its files are made go on. */
  sizes: Promise<LayerSizes | null> | null
}
