import { compared } from '../../catalog/compare.ts'
import { distributions } from '../../catalog/distributions.ts'
import { Back, type ChoosePrompt, type Option } from '../asker.ts'
import { today } from '../today.ts'
import { choicesOf, labelOf, optionOf, problemFor, promptOf } from './ask-question.ts'
import type { Step, StepContext } from './step.ts'

const COMPARE: Option = {
  value: 'compare',
  label: 'Which one should I choose?',
  says: 'Compares sizes, C libraries and updates, and says when an official image is better.',
  always: true,
}

/** A release that was named says which distribution is meant. */
const asksDistro: Step['matters'] = state => state.flags.release === undefined

/** The distribution, from a list, or from one that compares them. */
export const distroStep: Step = {
  name: 'distro',
  label: promptOf('distro').label,
  matters: asksDistro,
  shown: text => labelOf('distro', text),
  ask: async context => {
    let comparing = false
    let initial = context.state.kept.distro
    for (;;) {
      try {
        const prompt = comparing ? comparison() : list()
        const chosen = await choose(
          { ...context, first: context.first && !comparing },
          prompt,
          comparing ? context.state.kept.distro : initial,
        )
        if (chosen !== COMPARE.value) return chosen
      } catch (error) {
        if (!comparing || !(error instanceof Back)) throw error
      }
      comparing = !comparing
      initial = COMPARE.value
    }
  },
}

const choose = (
  { asker, state, first }: StepContext,
  prompt: ChoosePrompt,
  initial: string | undefined,
): Promise<string> =>
  asker.choose({
    ...prompt,
    first,
    ...(initial === undefined ? {} : { initial }),
    ...problemFor('distro', state),
  })

const list = (): ChoosePrompt => ({
  message: promptOf('distro').message,
  options: [...choicesOf('distro').map(optionOf), COMPARE],
  filter: true,
  means: value => (value === COMPARE.value ? null : value),
})

/** A row of a table for each; the first list has shown what an answer leads to. */
const comparison = (): ChoosePrompt => ({
  message: COMPARE.label,
  hint: 'The size where it was measured, the C library, and how long a release gets free updates.',
  options: distributions().map(one => {
    const { size, libc, updates } = compared(one, today())
    return {
      value: one.name,
      label: one.title,
      says: [one.says, one.officialWhen].filter(Boolean).join(' '),
      beside: `${size.padStart(6)}   ${libc.padEnd(6)}   ${updates}`,
      brief: `${libc.padEnd(5)} ${updates}`,
    }
  }),
  means: () => null,
})
