import { BootstrapError, isOfMachine } from '../bootstrap/errors.ts'
import { FailedError, MachineError, UsageError } from '../errors.ts'

const USAGE: readonly string[] = [
  'include-unknown',
  'exclude-needed',
  'architecture-lacks',
  'component-lacks',
  'lock-malformed',
  'lock-differs',
  'sources-malformed',
]

/** Returns a failed bootstrap as the error whose exit code says who can do something about it; others as they are. */
export const plainOf = (error: unknown): unknown => {
  if (!(error instanceof BootstrapError)) return error
  const { code, todo } = error
  const message = inOneLine(error.message)
  if (USAGE.includes(code)) return new UsageError(message, todo)
  return isOfMachine(code) ? new MachineError(message, todo) : new FailedError(message, todo)
}

/** What is said of several packages has a line for each, and an error is reported in one. */
const inOneLine = (message: string): string =>
  message.replaceAll(/([.:,]?)\n/g, (_, sign: string) => `${sign === '' ? ',' : sign} `)
