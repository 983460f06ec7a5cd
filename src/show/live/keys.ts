/** What a key asks for. */
export type Action = 'log' | 'why' | 'command' | 'stop' | 'suspend' | 'close' | Scroll

/** A move in the log. */
export type Scroll = 'upArrow' | 'downArrow' | 'pageUp' | 'pageDown' | 'home' | 'end'

/** Where the log stands: the row on top, the last one that may be there, and how many rows are shown. */
export interface LogPlace {
  readonly top: number
  readonly last: number
  readonly page: number
}

/** What the person chose to see. */
export interface Choice {
  /** The row of the whole log that stands on top, or its end; null while the log is not open. */
  readonly log: number | 'end' | null
  /** `room`: when there is room for it; `first`: before log lines and pending steps. */
  readonly why: 'room' | 'first'
  /** The exact argument lists instead of the commands as a person types them. */
  readonly exact: boolean
}

/** The keys, in the order of the footer. */
export const KEYS: readonly { input: string; name: string; action: Action; label: string }[] = [
  { input: 'l', name: 'l', action: 'log', label: 'log' },
  { input: 'w', name: 'w', action: 'why', label: 'why' },
  { input: 'c', name: 'c', action: 'command', label: 'command' },
  { input: '\u0003', name: 'Ctrl-C', action: 'stop', label: 'stop' },
]

/** What is shown before any key was pressed. */
export const initialChoice: Choice = { log: null, why: 'room', exact: false }

/**
 * The actions that an input stands for. Keys pressed in quick succession arrive as one input; an input with anything
 * else in it is an answer of the terminal or a paste, and stands for nothing.
 */
export const actionsFor = (input: string, ctrl: boolean, key = ''): readonly Action[] => {
  if (ctrl) return CTRL[input] ?? []
  const named = NAMED[key]
  if (named !== undefined) return [named]
  const actions = [...input.toLowerCase()].map(
    character =>
      KEYS.find(key => key.input === character)?.action ??
      (character === 'q' ? 'close' : undefined),
  )
  return actions.every(action => action !== undefined) ? actions : []
}

/** With Ctrl held; what a shell makes of Ctrl-Z needs no place in the footer. */
const CTRL: Readonly<Record<string, readonly Action[]>> = { c: ['stop'], z: ['suspend'] }

/** Keys that have names, as Ink has them. */
export const NAMED: Readonly<Record<string, Action>> = {
  upArrow: 'upArrow',
  downArrow: 'downArrow',
  pageUp: 'pageUp',
  pageDown: 'pageDown',
  home: 'home',
  end: 'end',
  escape: 'close',
}

/** The choice after an action. A reason that is asked for is never hidden by that: once more, and it gives way again. */
export const choose = (choice: Choice, action: Action, place: LogPlace | null): Choice => {
  if (action === 'why') return { ...choice, why: choice.why === 'room' ? 'first' : 'room' }
  if (action === 'command') return { ...choice, exact: !choice.exact }
  if (action === 'log') return { ...choice, log: choice.log === null ? 'end' : null }
  if (action === 'close') return { ...choice, log: null }
  if (action === 'stop' || action === 'suspend' || choice.log === null || place === null)
    return choice
  const { top, last, page } = place
  const to = {
    upArrow: top - 1,
    downArrow: top + 1,
    pageUp: top - page,
    pageDown: top + page,
    home: 0,
    end: last,
  }[action]
  return { ...choice, log: to >= last ? 'end' : Math.max(0, to) }
}
