/** A window, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** How many lines each part would like. */
export interface Wishes {
  /** The current step's bar, when it has one and no room beside the title. */
  readonly bar: number
  readonly words: number
  readonly command: number
  readonly log: number
  readonly pending: number
  readonly why: number
  /** The reason was asked for: it comes before log lines and pending steps, and may be cut. */
  readonly whyFirst: boolean
  /** The full command was asked for: it comes before the rest. */
  readonly commandFirst: boolean
  readonly keys: number
}

/** How many lines each part gets. */
export interface Layout {
  readonly step: number
  readonly bar: number
  readonly words: number
  readonly command: number
  readonly log: number
  readonly pending: number
  readonly status: number
  readonly why: number
  readonly gap: number
  readonly keys: number
}

/** Wider lines are harder to read, and a window that gets narrower breaks fewer of these. */
export const MAX_WIDTH = 116

/** A window that is not wide is not filled. */
const USUAL_WIDTH = 72

/** From this width on a step's bar is next to its title. */
export const WIDE = 56

/** The columns that the live view uses. */
export const widthFor = ({ columns }: Size): number =>
  columns >= 100 ? Math.min(columns - 1, MAX_WIDTH) : Math.max(1, Math.min(columns, USUAL_WIDTH))

/** Shares out the lines of a window but its last one: Ink wipes the scrollback when a frame fills it. */
export const layout = ({ rows }: Size, wishes: Wishes): Layout => {
  const given: Record<keyof Layout, number> = { ...NOTHING }
  let free = Math.max(0, rows - 1)
  for (const [part, wish] of orderOf(wishes, rows)) {
    const whole = part === 'why' && !wishes.whyFirst
    const lines = Math.min(Math.max(0, wish - given[part]), free)
    if (whole && lines < wish) continue
    given[part] += lines
    free -= lines
  }
  return given
}

const NOTHING: Layout = {
  step: 0,
  bar: 0,
  words: 0,
  command: 0,
  log: 0,
  pending: 0,
  status: 0,
  why: 0,
  gap: 0,
  keys: 0,
}

/** What matters most comes first. A part may come twice: for its least, then for all it wants. */
const orderOf = (wishes: Wishes, rows: number): readonly Claim[] => {
  const first = (part: 'command' | 'log' | 'pending'): number => Math.min(1, wishes[part])
  const asked: readonly Claim[] = [
    ['command', wishes.commandFirst ? wishes.command : 0],
    ['why', wishes.whyFirst ? wishes.why : 0],
  ]
  return [
    ['step', 1],
    ['keys', wishes.keys],
    ...(rows < SMALL ? asked : []),
    ['status', 1],
    ['bar', wishes.bar],
    ...asked,
    ['words', wishes.words],
    ['log', first('log')],
    ['pending', first('pending')],
    ['command', first('command')],
    ['log', wishes.log],
    ['command', wishes.command],
    ['pending', wishes.pending],
    ['why', wishes.why],
    ['gap', Math.min(1, wishes.why)],
  ]
}

/** A part and the lines it should have in all. */
type Claim = readonly [keyof Layout, number]

/** In fewer rows than these, what a person asked for comes before the clock and the bar. */
const SMALL = 8
