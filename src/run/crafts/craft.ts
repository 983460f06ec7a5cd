import type { Readable } from 'node:stream'
import type { CraftInputs, CraftName } from '../../plan/craft-inputs.ts'
import type { Client } from '../clean-up/containers.ts'
import type { Project } from '../project/project.ts'

/** What a craft works with. */
export interface CraftContext {
  readonly project: Project
  readonly runId: string
  readonly signal: AbortSignal
  /** The folder of the files we ship. */
  readonly assets: string
  /** The engine's client; absent where the step does not reach it. */
  readonly client?: Client
  /** Tells a line on stderr, where the step's reader takes it; absent where nobody reads. */
  readonly tell?: (line: string) => void
  /** Functions of the program that the linker warned of. */
  readonly warned?: readonly string[]
  /** The packages of the compiler and the C library: `gcc-12\t12.2.0-14`. */
  readonly madeWith?: readonly string[]
  /** What the stage before prints. Its end comes only once that stage has ended well. Absent for a first stage. */
  readonly stdin?: Readable
}

/** What a craft tells: lines for the log, a few words on the result, and values for later steps and the outcome. */
export interface CraftResult {
  readonly lines?: readonly string[]
  readonly result?: string
  readonly values?: Readonly<Record<string, string>>
}

export type Craft<Name extends CraftName> = (
  input: CraftInputs[Name],
  context: CraftContext,
) => Promise<CraftResult>
