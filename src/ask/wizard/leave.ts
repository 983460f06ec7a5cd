import type { Option } from '../asker.ts'
import type { WizardState } from './state.ts'

/** What is there when the person leaves: nothing, or what a run that failed has left. */
export const whatIsMade = ({ ran }: Pick<WizardState, 'ran'>): string =>
  ran === true
    ? 'The folder of the run that failed stays; the same answers go on with it.'
    : 'Nothing was created.'

/** The choice to leave, which says what is there then. */
export const leaveOption = (state: Pick<WizardState, 'ran'>): Option => ({
  value: 'leave',
  label: 'Leave',
  says: whatIsMade(state),
})
