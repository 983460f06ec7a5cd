import type { View } from '../run/events.ts'

/** Returns the view of a run whose person typed no command: advice to repeat one names the choice that does it. */
export const inWizard = (view: View): View => ({
  ...view,
  show: events =>
    view.show(
      events.map(event =>
        event.type === 'step-failed' && event.remedy !== null
          ? { ...event, remedy: { ...event.remedy, todo: event.remedy.todo.map(byChoice) } }
          : event,
      ),
    ),
})

/** The choice is the one of the wizard's question after a failure. */
const byChoice = (todo: string): string =>
  todo.replace(REPEAT, found =>
    /^[A-Z]/.test(found) ? 'Choose "Try again" below' : 'choose "Try again" below',
  )

const REPEAT = /\b(?:run|repeat) the (?:same )?command(?: again)?/i
