/**
 * One kind of failure. In `what` and `todo`, `{client}` is the engine's client, `{image}` the image the command was
 * about, `{changed CHANGE}` the command line of the run with that change (a line whose command would be
 * refused is left out), and `{found|text}` what a group of `when` matched, or else `text`.
 */
export interface RemedyRow {
  /** A stable name. Several rows may share one when only what to do differs. */
  readonly code: string
  /** What the output holds, or null when it is known without a text. */
  readonly when: RegExp | null
  /** Holds only for output of our builder container, for the image being made, or while an archive is handed over. */
  readonly where?: 'builder' | 'image' | 'archive'
  readonly what: string
  readonly todo: TodoByPlatform
  /** True when the machine lacks something, false when the step itself is at fault. */
  readonly lacks: boolean
}

/** One or two lines of advice: `all` (written for Docker on Linux where it matters), and where others need other words. */
export interface TodoByPlatform {
  readonly all: readonly string[]
  readonly darwin?: readonly string[]
  readonly win32?: readonly string[]
  /** Linux inside Windows. */
  readonly wsl?: readonly string[]
  /** Where no container is used. */
  readonly host?: readonly string[]
  /** Where no engine is involved. */
  readonly alone?: readonly string[]
  /** Podman, on every system. */
  readonly podman?: readonly string[]
}
