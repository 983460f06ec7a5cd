/** A craft refused or could not go on: what happened, and what to do now. */
export class CraftError extends Error {
  override readonly name = 'CraftError'
  readonly code: string
  readonly todo: readonly string[]

  constructor(code: string, what: string, todo: readonly string[] = []) {
    super(what)
    this.code = code
    this.todo = todo
  }
}
