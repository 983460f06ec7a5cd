import type { Flags } from '../flags.ts'
import type { QuestionName } from '../questions/index.ts'

/** A question of the wizard: one of the flags' questions, or a part of one. */
export type StepName = QuestionName | 'file' | 'message'

/** Where the wizard is. The answers are texts, as flags and answers.json have them. */
export interface WizardState {
  /** The last answer to each question; kept when the person goes back. */
  readonly kept: Readonly<Partial<Record<StepName, string>>>
  /** The questions that are answered now, in the order in which they were. */
  readonly answered: readonly StepName[]
  /** Valid texts from the command line: not asked for. */
  readonly flags: Flags['questions']
  /** Texts from the command line that are not valid, with the reason. */
  readonly wrong: Readonly<Partial<Record<StepName, Wrong>>>
  /** How it was when an answer was to be changed, and how many were answered then, for the way back. */
  readonly before: { readonly state: WizardState; readonly answered: number } | null
  /** True when a run with earlier answers has failed. */
  readonly ran?: true
}

export interface Wrong {
  readonly text: string
  readonly problem: readonly string[]
}

/** The state with one more answer. */
export const answer = (state: WizardState, name: StepName, text: string): WizardState => ({
  ...state,
  wrong: Object.fromEntries(Object.entries(state.wrong).filter(([other]) => other !== name)),
  kept: { ...state.kept, [name]: text },
  answered: [...state.answered.filter(other => other !== name), name],
})

/** The state before the last answer, which is kept; null when there is none. */
export const back = (state: WizardState): WizardState | null => {
  const { before, answered } = state
  if (before !== null && answered.length === before.answered) return before.state
  return answered.length === 0 ? null : { ...state, answered: answered.slice(0, -1) }
}

/** The state in which `names` are open again; the way back leads to the state as it is. */
export const reopen = (state: WizardState, names: readonly StepName[]): WizardState => {
  const answered = state.answered.filter(name => !names.includes(name))
  const isOpen = (name: string): boolean => (names as readonly string[]).includes(name)
  return {
    ...state,
    answered,
    before: { state, answered: answered.length },
    kept: { ...state.flags, ...state.kept },
    flags: Object.fromEntries(Object.entries(state.flags).filter(([name]) => !isOpen(name))),
  }
}

/** The questions that are open again with one of them. */
export const openedWith = (name: StepName, { answered }: WizardState): StepName[] => {
  if (name === 'program') return [name, 'file', 'message']
  if (name === 'distro') return [name, 'release']
  // What can be done without an engine depends on the kind.
  return name === 'kind' && answered.includes('engine') ? [name, 'engine'] : [name]
}

/** The state once nothing is open: going back no longer undoes the change. */
export const settled = (state: WizardState): WizardState => ({ ...state, before: null })
