import type { Answers } from '../ask/answers.ts'
import type { EngineFacts, Facts } from '../engine/facts.ts'
import { MachineError } from '../errors.ts'
import { withEngineOnly } from '../text/advice.ts'

/** The engine that takes the image, or null for an archive. Throws MachineError when the one asked for does not answer. */
export const chooseEngine = (answers: Answers, facts: Facts): EngineFacts | null => {
  if (answers.engine === 'none' || facts.engine !== null)
    return answers.engine === 'none' ? null : facts.engine
  if (answers.engine === 'auto') return null
  const problem = facts.engineProblem
  throw new MachineError(problem?.what ?? 'No engine answered.', problem?.todo ?? [])
}

/** What a person must know who gave no engine and gets an archive. */
export const engineNotices = (answers: Answers, facts: Facts): string[] => {
  if (answers.engine !== 'auto' || facts.engine !== null) return []
  const { what = 'No engine answered.', todo = [] } = facts.engineProblem ?? {}
  // It continues as with --engine none, so that is not advice.
  return [`${what} Going on without an engine: the result is an archive.`, ...withEngineOnly(todo)]
}

/** What a person must know who named an archive that is not made. */
export const outputNotice = (outputNamed: boolean, engine: EngineFacts | null): string[] =>
  engine === null || !outputNamed
    ? []
    : ['No archive is made (--output): the engine takes the image. For an archive: --engine none']
