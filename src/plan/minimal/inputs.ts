import type { Given, MinimalAnswers } from '../../ask/answers.ts'
import type { Arch, EngineFacts, Facts } from '../../engine/facts.ts'
import type { ProgramSource } from './program-source.ts'

/** Everything that the steps of one plan are made from. */
export interface MinimalInputs {
  readonly given: Given<MinimalAnswers>
  readonly facts: Facts
  readonly engine: EngineFacts | null
  /** The image's; of several, the one that is proven. */
  readonly arch: Arch
  /** All of one image for several, else none. */
  readonly archs: readonly Arch[]
  readonly programSource: ProgramSource
  /** The program's file name in the project folder and in the image. */
  readonly name: string
}
