/** One thing that was looked at. */
export interface Check {
  /** A stable name, for `--json`: `disk`, `mirror`, `clock`, … */
  readonly code: string
  /** `bad` stops a run, `warn` may, `ok` does not, and what could not be looked at is `unknown`. */
  readonly state: 'ok' | 'warn' | 'bad' | 'unknown'
  readonly name: string
  readonly says: string
  /** What to do, when it is not as it should be. */
  readonly todo: readonly string[]
}

/** A check that found nothing to fix. */
export const fine = (code: string, name: string, says: string): Check => ({
  code,
  state: 'ok',
  name,
  says,
  todo: [],
})
