import { choicesOf, labelOf, optionOf, promptOf } from './ask-question.ts'
import { Leave, type Option } from '../asker.ts'
import { leaveOption } from './leave.ts'
import type { StepContext, Step } from './step.ts'

/** What to do when no engine answered; and the question itself when its flag is wrong. */
export const engineStep: Step = {
  name: 'engine',
  label: promptOf('engine').label,
  matters: (state, facts) =>
    state.answered.includes('engine') ||
    (facts !== null && facts.engine === null && state.flags.engine !== 'none'),
  shown: text => (text === FOUND ? 'Found by checking again' : labelOf('engine', text)),
  ask: context =>
    context.state.wrong.engine !== undefined || (context.facts?.engine ?? null) !== null
      ? askEngine(context)
      : askWithout(context),
}

/** The question where no engine answered, whatever is to be made. */
export const NO_ENGINE = 'No engine can be used here. What now?'

/** Looks once more for an engine. */
export const AGAIN: Option = {
  value: 'again',
  label: 'Check again',
  says: 'Once you have done what is said above.',
}

const FOUND = ''

/** What was found is known by now, so another engine is not a choice. */
const askEngine = ({ asker, state, first, facts }: StepContext): Promise<string> => {
  const found = facts?.engine?.kind
  const choices = choicesOf('engine').filter(
    ({ value }) => found === undefined || ['auto', found, 'none'].includes(value),
  )
  return asker.choose({
    message: promptOf('engine').message,
    first,
    options: choices.map(optionOf),
    problem: state.wrong.engine?.problem ?? [],
  })
}

const askWithout = async ({
  asker,
  state,
  facts,
  first,
  recheck,
}: StepContext): Promise<string> => {
  let now = facts
  for (let checks = 0; ; checks += 1) {
    if (now !== null && now.engine !== null) return FOUND
    const { what = 'No engine answered.', todo = [] } = now?.engineProblem ?? {}
    const chosen = await asker.choose({
      message: NO_ENGINE,
      first,
      problem: [checks === 0 ? what : `Checked again. ${what}`, ...todo],
      options: [...WITHOUT, leaveOption(state)],
    })
    if (chosen === 'leave') throw new Leave('word')
    if (chosen === 'none') return chosen
    now = await recheck()
  }
}

const WITHOUT = [
  AGAIN,
  {
    value: 'none',
    label: 'Go on without',
    says: 'You get an archive; docker load or podman load takes it wherever there is an engine.',
  },
]
