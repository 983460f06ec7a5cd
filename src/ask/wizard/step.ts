import type { Facts } from '../../engine/facts.ts'
import type { Asker } from '../asker.ts'
import type { StepName, WizardState } from './state.ts'

/** What a question gets when it is asked. */
export interface StepContext {
  readonly asker: Asker
  readonly state: WizardState
  readonly cwd: string
  /** True when Esc leads to no earlier question. */
  readonly first: boolean
  /** What is known of the machine; null until a question that needs it. */
  readonly facts: Facts | null
  /** The C files, or the static programs, that are near. */
  readonly nearby?: (kind: 'source' | 'binary') => Promise<readonly string[]>
  /** Probes the machine again. */
  readonly recheck: () => Promise<Facts>
}

/** One question of the wizard. */
export interface Step {
  readonly name: StepName
  /** One or two words that come before the answer. */
  readonly label: string
  /** True when `matters` has to know the machine. */
  readonly needsFacts?: true
  /** Whether the answer changes anything, for the answers so far. */
  readonly matters: (state: WizardState, facts: Facts | null) => boolean
  /** Asks, and returns the answer's text. Throws Back and Leave. */
  readonly ask: (context: StepContext) => Promise<string>
  /** How an answer reads in a list of answers. */
  readonly shown: (text: string, state: WizardState) => string
}
