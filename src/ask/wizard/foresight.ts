import type { Facts } from '../../engine/facts.ts'
import { PlainError } from '../../errors.ts'
import type { Given } from '../answers.ts'
import type { Ahead, Asker, Foresight } from '../asker.ts'
import type { Flags } from '../flags.ts'
import { givenBy } from '../given.ts'
import { withPlace } from './full-engine.ts'
import { flagsOf } from './so-far.ts'
import { answer, type StepName, type WizardState } from './state.ts'
import { mattersNow, stepOf } from './steps.ts'

/** What answers lead to, in terms of the question that is asked, or null; null while it is not known. May throw PlainError. */
export type TellAhead = (given: Given, facts: Facts, question: StepName | null) => Ahead | null

/** What is needed to look ahead. */
export interface Outlook {
  readonly asker: Asker
  readonly flags: Flags
  readonly cwd: string
  readonly state: WizardState
  readonly machine: { readonly now: Facts | null; readonly known: () => Promise<Facts> }
  readonly ahead?: {
    readonly of: TellAhead
    readonly ready: Promise<unknown>
  }
}

/**
 * The asker whose questions show what each answer leads to, with the usual answers to all questions that are still
 * open. `name` is the question that is asked; null is the review, where nothing is open.
 */
export const seeing = (outlook: Outlook, name: StepName | null): Asker => {
  const { asker, ahead, machine } = outlook
  if (ahead === undefined) return asker
  const seen = new Map<string, Ahead | null>()
  const foresight: Foresight = {
    of: value => {
      if (machine.now === null) return null
      const key = name === null ? '' : value
      const known = seen.get(key)
      if (known !== undefined) return known
      const next = look(outlook, machine.now, ahead.of, name, value)
      if (next !== null) seen.set(key, next)
      return next
    },
    known: Promise.all([machine.known(), ahead.ready]),
  }
  return {
    ...asker,
    choose: prompt => asker.choose({ ...prompt, foresight }),
    write: prompt => asker.write({ ...prompt, foresight }),
  }
}

const look = (
  { flags, cwd, state: before }: Outlook,
  facts: Facts,
  of: TellAhead,
  name: StepName | null,
  value: string,
): Ahead | null => {
  const state = name === null ? before : answer(before, name, value)
  const matters = mattersNow(state, facts)
  try {
    const texts = withPlace(
      flagsOf(state, one => matters(stepOf(one))),
      facts,
    )
    return of(givenBy({ ...flags, questions: texts }, cwd), facts, name)
  } catch (error) {
    // What can't be made leads nowhere; the question itself says why.
    if (error instanceof PlainError) return null
    throw error
  }
}
