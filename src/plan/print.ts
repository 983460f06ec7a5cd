import type { Plan, Step } from './types.ts'
import { shownCommands } from './shown-commands.ts'

/** A plan as text for `--plan`: every step with its commands and its why. */
export const printPlan = (plan: Plan): string => {
  const notices = plan.notices.map(notice => `${notice}\n`).join('')
  const steps = plan.steps.map((step, i) => printStep(step, i + 1)).join('\n')
  const proof =
    'how' in plan.proof
      ? `It will be proven: ${plan.proof.how}.`
      : `It can't be proven here: ${plan.proof.whyNot}.`
  return `${plan.headline}\n${notices}in ${plan.directory}\n\n${steps}\n${proof}\nNothing has been done. To do it, leave --plan out and add --yes.\n`
}

const printStep = (step: Step, number: number): string => {
  const commands = shownCommands(step)
  const done =
    commands.length === 0
      ? ['(done by create-base-image itself)']
      : commands.map(command => `$ ${command}`)
  const lines = [...done, ...wrap(step.why, 72)]
  return `${number}. ${step.title}\n${lines.map(line => `   ${line}\n`).join('')}`
}

const wrap = (text: string, width: number): string[] => {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
