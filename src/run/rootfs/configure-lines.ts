import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { BootstrapError } from '../../bootstrap/errors.ts'

/** What configure.sh said of a failure. */
export interface ConfigureResult {
  /** The code and subject of its `F:` line, or null. */
  readonly failure: string | null
  /** Its last lines, 15 at most. */
  readonly last: readonly string[]
}

/** Reads the lines of configure.sh to their end, and gives each to `onLine`. */
export const hearConfigure = (
  streams: readonly Readable[],
  onLine: (line: string) => void,
): { readonly ended: Promise<unknown>; readonly result: () => ConfigureResult } => {
  const last: string[] = []
  const failures: string[] = []
  const hear = (line: string): void => {
    if (line.startsWith('F: ')) failures.push(line.slice(3))
    if (!/^[TPF]: /.test(line)) last.push(line)
    if (last.length > 15) last.shift()
    onLine(line)
  }
  const reading = streams.map(async stream => {
    for await (const line of createInterface({ input: stream })) hear(line)
  })
  return { ended: Promise.all(reading), result: () => ({ failure: failures[0] ?? null, last }) }
}

/** Returns the error of packages that could not be configured. */
export const configureFailed = (
  { failure, last }: ConfigureResult,
  todo: readonly string[],
): BootstrapError =>
  new BootstrapError(
    'configure-failed',
    `The packages could not be configured${failure === null ? '' : ` (${failure})`}:\n${last.join('\n')}`,
    todo,
  )
