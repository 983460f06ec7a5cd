import type { Plan, Step } from './types.ts'
import { wrap } from '../text/wrap.ts'
import { shownCommands } from './shown-commands.ts'

/**
 * Returns a plan as text for `--plan`: every step with its commands and its why. For a window of `columns` a long command
 * goes on in a next line, as sh takes it; without it each command is one line.
 */
export const printPlan = (plan: Plan, columns = Number.POSITIVE_INFINITY): string => {
  const said = (text: string): string => `${wrap(text, columns).join('\n')}\n`
  const steps = plan.steps.map((step, i) => printStep(step, i + 1, columns)).join('\n')
  const proof =
    'how' in plan.proof
      ? `It will be proven: ${plan.proof.how}.`
      : `It can't be proven here: ${plan.proof.whyNot}.`
  const head = [plan.headline, ...plan.notices, `in ${plan.directory}`].map(said).join('')
  return `${head}\n${steps}\n${said(proof)}${said('Nothing has been done. To do it, leave --plan out and add --yes.')}`
}

const printStep = (step: Step, number: number, columns: number): string => {
  const commands = shownCommands(step)
  const done =
    commands.length === 0
      ? ['(done by create-base-image itself)']
      : commands.flatMap(command => broken(`$ ${command}`, columns - INDENT))
  const lines = [...done, ...wrap(step.why, Math.min(columns - INDENT, 72))]
  return `${number}. ${step.title}\n${lines.map(line => `   ${line}\n`).join('')}`
}

const INDENT = 3

/** What is in quotes stays whole, and a command of several lines as it is. */
const broken = (command: string, width: number): string[] => {
  if (command.length <= width || command.includes('\n')) return [command]
  const lines: string[] = []
  let line = ''
  for (const word of command.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? []) {
    // Room for the sign that the line goes on.
    if (line.trim() !== '$' && line.trim() !== '' && line.length + word.length + 3 > width) {
      lines.push(`${line} \\`)
      line = `    ${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
