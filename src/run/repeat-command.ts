import { commandWordsOf } from '../plan/command-line.ts'
import { lineFor } from '../text/shell-words.ts'
import type { RunContext } from './context.ts'

/** Returns the command line that repeats a run, for the shell of its system; with `change` made to it first. */
export const repeatCommand = (
  { plan, facts }: Pick<RunContext, 'plan' | 'facts'>,
  change = '',
): string => lineFor(facts.platform, commandWordsOf(plan.commandLine, change))
