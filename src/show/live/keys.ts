/** What a key asks for. */
export type Action = 'log' | 'why' | 'command' | 'stop' | 'suspend'

/** What the person chose to see. */
export interface Choice {
  /** How many log lines at most. */
  readonly log: number
  /** `room`: when there is room for it; `first`: before log lines and pending steps. */
  readonly why: 'room' | 'first' | 'off'
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
export const initialChoice: Choice = { log: 3, why: 'room', exact: false }

/**
 * The actions that an input stands for. Keys pressed in quick succession arrive as one input; an input with anything
 * else in it is an answer of the terminal or a paste, and stands for nothing.
 */
export const actionsFor = (input: string, ctrl: boolean): readonly Action[] => {
  if (ctrl) return CTRL[input] ?? []
  const actions = [...input.toLowerCase()].map(
    character => KEYS.find(key => key.input === character)?.action,
  )
  return actions.every(action => action !== undefined) ? actions : []
}

/** With Ctrl held; what a shell makes of Ctrl-Z needs no place in the footer. */
const CTRL: Readonly<Record<string, readonly Action[]>> = { c: ['stop'], z: ['suspend'] }

/** The choice after an action. `whyShown`: whether the reason is on the screen now. */
export const choose = (choice: Choice, action: Action, whyShown: boolean): Choice => {
  if (action === 'log') return { ...choice, log: LOG_LINES[choice.log] ?? initialChoice.log }
  if (action === 'why') return { ...choice, why: whyShown ? 'off' : 'first' }
  return action === 'command' ? { ...choice, exact: !choice.exact } : choice
}

/** How many log lines come after how many. */
const LOG_LINES: Readonly<Record<number, number>> = { 3: 5, 5: 1, 1: 3 }
