import { parseFlags } from '../ask/flags.ts'
import { givenBy } from '../ask/given.ts'
import type { Facts } from '../engine/facts.ts'
import { isPlainError } from '../errors.ts'
import { commandWordsOf, OURS } from '../plan/command-line.ts'
import { planFor } from '../plan/plan.ts'
import type { Plan } from '../plan/types.ts'
import { lineFor } from '../text/shell-words.ts'

/**
 * Returns what gives the command line of a run with a change made to it, for the shell of this system, or null where
 * the program would refuse it: advice must not lead to another refusal.
 */
export const changedIfTaken =
  ({ commandLine }: Pick<Plan, 'commandLine'>, facts: Facts, cwd: string) =>
  (change: string): string | null => {
    const words = commandWordsOf(commandLine, change)
    return isTaken(words.slice(OURS.length), facts, cwd) ? lineFor(facts.platform, words) : null
  }

const isTaken = (words: readonly string[], facts: Facts, cwd: string): boolean => {
  try {
    planFor(givenBy(parseFlags(words), cwd), facts)
    return true
  } catch (error) {
    if (isPlainError(error)) return false
    throw error
  }
}
