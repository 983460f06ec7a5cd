import { existsSync } from 'node:fs'
import type { CommandStage, Word } from '../../plan/types.ts'
import { endChild, startChild } from '../process/exec.ts'
import type { Running, StageEnd } from '../stage.ts'
import { shellWords } from '../../text/shell-words.ts'

export interface CommandContext {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly resolve: (word: Word) => string
}

/** The exact argument list of a command: the harness is after the first argument, a terminal around all. */
export const exactCommand = (stage: CommandStage, resolve: (word: Word) => string): string[] => {
  const words = withHarness(stage, resolve)
  return stage.inTerminal === true ? terminalFor(words) : words
}

const withHarness = (
  { program, args, harness = [] }: CommandStage,
  resolve: (word: Word) => string,
): string[] => {
  const [first, ...rest] = args.map(resolve)
  return first === undefined ? [program, ...harness] : [program, first, ...harness, ...rest]
}

/** A terminal without a width gets no bars, and with `-e` the exit code is the program's. */
const terminalFor = (words: readonly string[]): string[] => [
  'script',
  '-qefc',
  `stty cols 200; exec ${shellWords(words)}`,
  '/dev/null',
]

/** Starts a program. */
export const startCommand = (
  stage: CommandStage,
  context: CommandContext,
  stdin: 'ignore' | 'pipe',
): Running => {
  const [program = '', ...args] = exactCommand(stage, context.resolve)
  const child = startChild(program, args, { cwd: context.cwd, env: context.env, stdin })
  return {
    name: nameOf(withHarness(stage, context.resolve)),
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended: child.then(result => endOf(result, context.cwd)),
    kill: () => endChild(child),
  }
}

const nameOf = ([program = '', first = '-']: readonly string[]): string =>
  first.startsWith('-') ? program : `${program} ${first}`

/** How a child ended, in our words. */
export const endOf = (
  result: {
    readonly exitCode?: number | undefined
    readonly signal?: string | undefined
    readonly code?: string | undefined
    readonly shortMessage?: string | undefined
  },
  cwd?: string,
): StageEnd => {
  if (result.exitCode !== undefined) return { exitCode: result.exitCode, note: null }
  if (result.signal !== undefined)
    return {
      exitCode: null,
      note: `it was ended by ${result.signal}`,
      signal: result.signal,
    }
  return {
    exitCode: null,
    note:
      result.code === 'ENOENT' && cwd !== undefined && !existsSync(cwd)
        ? `the folder ${cwd} is no longer there`
        : result.code === 'ENOENT'
          ? 'the program is not on this machine'
          : (result.shortMessage ?? null),
  }
}
