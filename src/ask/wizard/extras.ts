import type { Extra } from '../answers.ts'
import { Back, type Asker, type Option } from '../asker.ts'
import { EXTRA_DOUBTS, EXTRAS } from '../questions/with.ts'
import { problemFor, promptOf } from './ask-question.ts'
import type { StepContext, Step } from './step.ts'
import { programKind } from './so-far.ts'

/** Whether the program needs more than itself, and then what; the empty text means nothing more. */
export const extrasStep: Step = {
  name: 'with',
  label: promptOf('with').label,
  matters: state => programKind(state) !== 'raw',
  shown: text => (text === '' ? NOTHING.label : text.replaceAll(',', ', ')),
  ask: async context => {
    const before = (context.state.kept.with ?? '').split(',')
    let initial = before[0] === '' ? NOTHING.value : CHOOSE.value
    for (;;) {
      if ((await askWhether(context, initial)) === NOTHING.value) return ''
      const chosen = await askEach(context.asker, before)
      if (chosen !== null) return chosen.join(',')
      initial = CHOOSE.value
    }
  },
}

const NOTHING: Option = {
  value: 'nothing',
  label: 'Nothing more',
  says: 'The program stays alone in the image.',
}
const CHOOSE: Option = {
  value: 'choose',
  label: 'Let me choose',
  says: 'Certificates for https, time zones, a user, /tmp: one yes or no each.',
}

const askWhether = ({ asker, state, first }: StepContext, initial: string): Promise<string> => {
  const { label: _, ...words } = promptOf('with')
  return asker.choose({
    ...words,
    first,
    initial,
    options: [NOTHING, CHOOSE],
    means: value => (value === NOTHING.value ? '' : null),
    ...problemFor('with', state),
  })
}

/** What the person wants, or null when they went back from the first of the questions. */
const askEach = async (asker: Asker, before: readonly string[]): Promise<Extra[] | null> => {
  const answers: boolean[] = []
  for (;;) {
    const extra = EXTRAS[answers.length]
    if (extra === undefined) return wanted(answers)
    try {
      answers.push(await askOne(asker, extra, before.includes(extra), wanted(answers)))
    } catch (error) {
      if (!(error instanceof Back)) throw error
      if (answers.pop() === undefined) return null
    }
  }
}

const wanted = (answers: readonly boolean[]): Extra[] => EXTRAS.filter((_, i) => answers[i])

const askOne = async (
  asker: Asker,
  extra: Extra,
  likely: boolean,
  sofar: readonly Extra[],
): Promise<boolean> => {
  const { message, yes, no } = EXTRA_DOUBTS[extra]
  const chosen = await asker.choose({
    message,
    initial: likely ? 'yes' : 'no',
    means: value => [...sofar, ...(value === 'yes' ? [extra] : [])].join(','),
    options: [
      { value: 'yes', label: 'Yes', says: yes },
      { value: 'no', label: 'No', says: no },
    ],
  })
  return chosen === 'yes'
}
