import type { Facts } from '../../../src/engine/facts.ts'
import { fullPlan } from '../../../src/plan/full/plan.ts'
import type { ContainerStage, Plan, Step } from '../../../src/plan/types.ts'
import { shownCommands } from '../../../src/plan/shown-commands.ts'
import { facts, full } from '../minimal/inputs.ts'

/** A command line for Debian 12, bootstrapped on this machine. */
export const HOST = ['--bootstrap', 'host', '--release', 'bookworm']

/** The plan of a full image for a command line, on a machine that `change` tells of; in a container unless told. */
export const planOf = (argv: readonly string[] = [], change: Partial<Facts> = {}): Plan =>
  fullPlan(full(...inContainer(argv)), facts(change))

const inContainer = (argv: readonly string[]): readonly string[] =>
  argv.includes('--bootstrap') ? argv : ['--bootstrap', 'container', ...argv]

/** The same with a keyring of the person's. */
export const planWithKeyring = (...argv: string[]): Plan => {
  const { answers, ...given } = full(...inContainer(argv))
  return fullPlan({ ...given, answers: { ...answers, keyring: '/home/ada/keys.gpg' } }, facts())
}

export const ids = (plan: Plan): string[] => plan.steps.map(step => step.id)

export const stepOf = (plan: Plan, id: string): Step => plan.steps.find(step => step.id === id)!

/** The commands of a step as a person would type them. */
export const commands = (plan: Plan, id: string): string[] => shownCommands(stepOf(plan, id))

/** The options of bootstrap.sh in the container, an option with its value. */
export const optionsOf = (plan: Plan): string[] => {
  const stage = stepOf(plan, 'bootstrap').pipeline[0] as ContainerStage
  return stage.command
    .slice(3)
    .join(' ')
    .split(/ (?=--)/)
}
