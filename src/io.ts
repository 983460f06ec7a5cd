import { outOf, type Out } from './show/out.ts'
import { terminalOf, type Terminal } from './terminal.ts'

/** What the tool sees of the world around its process; tests hand in their own. */
export interface Io {
  readonly out: Out
  readonly err: Out
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly terminal: Terminal
}

/** The real process. A reader of stdout that goes away must not crash us with an unhandled error. */
export const processIo = (): Io => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return {
    out: outOf(process.stdout),
    err: outOf(process.stderr),
    env: process.env,
    cwd: currentFolder(),
    terminal: terminalOf(process),
  }
}

/** A shell can stand in a folder that has been removed; what needs a folder then says so by its own path. */
const currentFolder = (): string => {
  try {
    return process.cwd()
  } catch {
    return process.env['PWD'] ?? '/'
  }
}
