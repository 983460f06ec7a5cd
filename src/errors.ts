/** Exit codes, by what a caller can do about them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  machine: 3,
  cancelled: 130,
  terminated: 143,
  hangup: 129,
} as const

/** A problem a person can do something about: what happened, why, and what to do now. */
export abstract class PlainError extends Error {
  abstract readonly exitCode: number
  readonly todo: readonly string[]

  constructor(message: string, todo: readonly string[] = []) {
    super(message)
    this.name = new.target.name
    this.todo = todo
  }
}

/** True for a PlainError, also one of another bundle: the entry is a file of its own. */
export const isPlainError = (error: unknown): error is PlainError =>
  error instanceof Error && 'exitCode' in error && 'todo' in error

/** Wrong usage, or an answer that is missing: the person changes the command. */
export class UsageError extends PlainError {
  override readonly exitCode = EXIT.usage
}

/** The machine lacks something: an engine, a compiler, the network. */
export class MachineError extends PlainError {
  override readonly exitCode = EXIT.machine
}

/** Work that was begun could not be done; neither the command nor the machine is known to be at fault. */
export class FailedError extends PlainError {
  override readonly exitCode = EXIT.failed
}

/** A signal came before anything was begun. */
export class StoppedError extends PlainError {
  override readonly exitCode: number

  constructor(signal: string) {
    super('Stopped. Nothing was made.')
    this.exitCode = stopCode(signal)
  }
}

/** The exit code of a run that a signal stopped, by the signal's name. */
export const stopCode = (signal: string): number => {
  if (signal === 'SIGTERM') return EXIT.terminated
  return signal === 'SIGHUP' ? EXIT.hangup : EXIT.cancelled
}
