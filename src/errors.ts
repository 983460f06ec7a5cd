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

/** Wrong usage, or an answer that is missing: the person changes the command. */
export class UsageError extends PlainError {
  override readonly exitCode = EXIT.usage
}

/** The machine lacks something: an engine, a compiler, the network. */
export class MachineError extends PlainError {
  override readonly exitCode = EXIT.machine
}

/** A step failed; its event has already been shown. */
export class StepError extends PlainError {
  override readonly exitCode: number

  constructor(message: string, todo: readonly string[], exitCode: number = EXIT.failed) {
    super(message, todo)
    this.exitCode = exitCode
  }
}
