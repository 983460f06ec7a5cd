import type { Out } from '../show/out.ts'
import { bearHangUp, endWithoutTerminal } from './hung-up.ts'
import { standardOut, type StandardOut } from './standard-out.ts'
import { terminalOf, type Terminal } from './terminal.ts'

/** What the tool sees of the world around its process; tests hand in their own. */
export interface Io {
  readonly out: Out
  readonly err: Out
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly terminal: Terminal
}

/** The real process's. */
export interface ProcessIo extends Io {
  /** Resolves to why standard output could not be written, once all was; null when nothing failed. */
  readonly failure: () => Promise<Error | null>
}

/** The real process. Node makes a standard stream when it is first looked at, so each is looked at only when needed. */
export const processIo = (): ProcessIo => {
  endWithoutTerminal()
  let out: StandardOut | null = null
  let err: StandardOut | null = null
  return {
    get out() {
      return (out ??= standardOut(1, () => process.stdout))
    },
    get err() {
      return (err ??= standardOut(2, () => process.stderr))
    },
    env: process.env,
    cwd: currentFolder(),
    get terminal() {
      bearHangUp(process)
      return terminalOf(process)
    },
    failure: async () => (out === null ? null : out.failure()),
  }
}

/** A shell can be in a folder that has been removed; what needs a folder then says so by its own path. */
const currentFolder = (): string => {
  try {
    return process.cwd()
  } catch {
    return process.env['PWD'] ?? '/'
  }
}
