import type { Given, MinimalAnswers } from '../../ask/answers.ts'
import type { Arch, EngineFacts, Facts } from '../../engine/facts.ts'
import type { Way } from './program-source.ts'

/** All that the steps of one plan are made from. */
export interface Scene {
  readonly given: Given<MinimalAnswers>
  readonly facts: Facts
  readonly engine: EngineFacts | null
  readonly arch: Arch
  readonly way: Way
  /** The program's file name in the project folder and in the image. */
  readonly name: string
}
