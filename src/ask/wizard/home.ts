import { Back, Leave, type Asker } from '../asker.ts'
import type { Home } from '../home.ts'
import { leaveOption } from './leave.ts'
import { lastPage } from './page.ts'
import type { WizardState } from './state.ts'
import { beginning } from './texts.ts'

/** What a person wants in a project folder; `other` is an image of its own, by the usual questions. */
export type AtHome = 'again' | 'check' | 'change' | 'other' | 'leave'

/** The state of a wizard in which every question is answered as the folder has it. */
export const asAnswered = ({ questions }: Home['flags'], cwd: string): WizardState => {
  const state = beginning(questions, cwd)
  const { wrong } = state
  const silent = SILENT.filter(name => questions[name] === undefined && wrong[name] === undefined)
  return {
    ...state,
    answered: [...state.answered, ...silent],
    kept: { ...state.kept, ...Object.fromEntries(silent.map(name => [name, ''])) },
  }
}

/** What answers.json leaves out when it is nothing. */
const SILENT = ['with', 'include'] as const

/** Asks what to do in an existing project folder. Esc and Ctrl-C leave. */
export const askAtHome = async (asker: Asker, { folder, flags }: Home): Promise<AtHome> => {
  const { tag = '', kind = '' } = flags.questions
  const where = folder === '.' ? 'This folder' : folder
  asker.page(lastPage([`${where} makes the ${kind} image ${tag}.`, '']))
  try {
    const chosen = await asker.choose({
      message: 'What would you like to do?',
      first: true,
      options: [
        { value: 'again', label: 'Build it again', says: 'Every step, from the start.' },
        {
          value: 'check',
          label: 'Check it',
          says: 'Runs the image again; only what you have changed is built again.',
        },
        { value: 'change', label: 'Change an answer', says: 'Then the folder is written again.' },
        { value: 'other', label: 'Make another image', says: 'In a folder of its own.' },
        leaveOption({}),
      ],
    })
    return chosen as AtHome
  } catch (error) {
    if (!(error instanceof Back) && !(error instanceof Leave)) throw error
    return 'leave'
  } finally {
    asker.settle()
  }
}
