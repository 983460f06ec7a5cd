import type { Readable } from 'node:stream'
import type { Project } from '../project.ts'

/** What a craft works with. */
export interface CraftContext {
  readonly project: Project
  readonly runId: string
  readonly signal: AbortSignal
  /** The folder of the files we ship. */
  readonly assets: string
  /** What the stage before prints. Its end comes only once that stage has ended well. Absent for a first stage. */
  readonly stdin?: Readable
}

/** What a craft tells: lines for the log, a few words on the result, and values for later steps and the outcome. */
export interface CraftResult {
  readonly lines?: readonly string[]
  readonly result?: string
  readonly values?: Readonly<Record<string, string>>
}

export type Craft = (
  input: Readonly<Record<string, unknown>>,
  context: CraftContext,
) => Promise<CraftResult>

/** A craft refused or could not go on: what happened, and what to do now. */
export class CraftError extends Error {
  override readonly name = 'CraftError'
  readonly code: string
  readonly todo: readonly string[]

  constructor(code: string, what: string, todo: readonly string[] = []) {
    super(what)
    this.code = code
    this.todo = todo
  }
}
