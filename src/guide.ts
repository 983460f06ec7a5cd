import type { Given } from './ask/answers.ts'
import type { Asker } from './ask/asker.ts'
import type { Flags } from './ask/flags.ts'
import { oneOf } from './ask/one-of.ts'
import { askAfterFailure } from './ask/wizard/after-failure.ts'
import type { Review } from './ask/wizard/review.ts'
import type { WizardState } from './ask/wizard/state.ts'
import { runWizard, type WizardEnd } from './ask/wizard.ts'
import { admitProgram } from './commands/admit.ts'
import type { Facts } from './engine/facts.ts'
import { probeFacts } from './engine/probe.ts'
import { EXIT } from './errors.ts'
import type { Io } from './io.ts'
import { perform } from './perform.ts'
import { minimalPlan } from './plan/minimal.ts'
import { reviewLines } from './plan/review.ts'
import { printScript } from './plan/script.ts'
import { openProject } from './run/project.ts'
import { leaveAtOnce, stopSignals } from './signals.ts'

/** The wizard: asks, runs, and after a failure asks again. Gives the exit code. */
export const guide = async (flags: Flags, io: Io): Promise<number> => {
  const asker = await askerFor(io)
  const probing = new AbortController()
  const probe = (): Promise<Facts> =>
    probeFacts({ ...probeWishes(flags), env: io.env, signal: probing.signal })
  let facts = probe()
  let again: WizardState | undefined
  // The view is loaded while the person answers.
  if (io.terminal.animate) void import('./show/live/index.tsx')
  try {
    for (;;) {
      const end = await runWizard({
        flags,
        cwd: io.cwd,
        asker,
        facts,
        recheck: () => (facts = probe()),
        review: reviewOf,
        ...(again === undefined ? {} : { again }),
      })
      if (end.kind === 'leave') return end.code
      if (end.kind === 'script') return await showScript(end, io)
      const run = await runAnswers(end, flags, asker, io)
      if (!run.change) return run.exitCode
      again = end.state
    }
  } finally {
    probing.abort()
  }
}

/** Each asker is loaded only where it is used. */
const askerFor = async ({ terminal }: Io): Promise<Asker> => {
  const { stdin, stdout } = process
  if (terminal.plain) return (await import('./ask/plain.ts')).plainAsker({ stdin, stdout })
  return (await import('./ask/prompt.ts')).promptAsker({ stdin, stdout, colour: terminal.colour })
}

/** The answers are not known yet, so all is asked that they may turn on. */
const probeWishes = ({ questions: texts }: Flags) => {
  const engines = ['auto', 'docker', 'none'] as const
  const known = texts.engine !== undefined && engines.some(name => name === texts.engine)
  return {
    engine: known ? oneOf('engine', engines, texts.engine!) : 'auto',
    alwaysPrivateRoot: true,
  } as const
}

const reviewOf = async (given: Given, facts: Facts): Promise<Review> => {
  const plan = minimalPlan(given, facts)
  await admitProgram(given.answers.program, plan.image.arch)
  const project = openProject(plan.directory, plan.answers, true)
  return { lines: reviewLines(plan), replaces: project.kind === 'replaced' }
}

const showScript = async (end: Extract<WizardEnd, { kind: 'script' }>, io: Io): Promise<number> => {
  await io.out.write(printScript(end.script, end.given.answers))
  return EXIT.done
}

const runAnswers = async (
  end: Extract<WizardEnd, { kind: 'run' }>,
  { switches }: Flags,
  asker: Asker,
  io: Io,
) => {
  const plan = minimalPlan(end.given, end.facts)
  const stop = stopSignals(leaveAtOnce)
  const titleOf = (id: string): string => plan.steps.find(step => step.id === id)?.title ?? id
  try {
    return await perform(
      plan,
      end.facts,
      {
        json: false,
        verbose: switches.verbose !== undefined,
        force: end.force,
        decide: ({ step }) => askAfterFailure(asker, { title: titleOf(step) }),
      },
      stop,
      io,
    )
  } finally {
    stop.release()
  }
}
