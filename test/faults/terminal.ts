import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BIN, type Cli, type CliEnd } from '../engine/run-cli.ts'
import { open } from '../terminal/terminal.ts'

/** A run that can be struck. */
export interface Run extends Pick<Cli, 'kill' | 'ended'> {
  /** Waits until this step has started. */
  readonly started: (step: string) => Promise<unknown>
  /** Closes the window that it draws in, where it has one. */
  readonly close: () => void
}

/** Starts the real entry file in a terminal; how far it is, its journal tells once it has a folder. */
export const startInTerminal = (
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Run => {
  const terminal = open(process.execPath, [BIN, ...words], { cwd, env, cols: 100, rows: 40 })
  const journal = join(cwd, 'project', '.create-base-image', 'journal.ndjson')
  let isOver = false
  const ended = terminal.exit().then((exitCode): CliEnd => {
    isOver = true
    return { exitCode, signal: null, stdout: terminal.raw(), stderr: '', events: [] }
  })
  const started = async (step: string): Promise<void> => {
    const mark = `"type":"step-started","step":"${step}"`
    while (!existsSync(journal) || !readFileSync(journal, 'utf8').includes(mark)) {
      if (isOver) throw new Error(`It ended without that step.\n${terminal.screen()}`)
      await sleep(20)
    }
  }
  return {
    started,
    ended,
    kill: signal => void (isOver || process.kill(terminal.pid, signal)),
    close: terminal.close,
  }
}
