import type { Option } from '../asker.ts'
import type { WizardState } from './state.ts'

/** What remains when the person leaves: nothing, or what a failed run has left. */
export const whatIsMade = ({ ran }: Pick<WizardState, 'ran'>): string =>
  ran === true
    ? 'The folder of the run that failed stays; the same answers continue it.'
    : 'Nothing was created.'

/** The choice to leave, which says what remains. */
export const leaveOption = (state: Pick<WizardState, 'ran'>): Option => ({
  value: 'leave',
  label: 'Leave',
  says: whatIsMade(state),
})
