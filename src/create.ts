import type { Given } from './ask/answers.ts'
import { parseFlags, type Flags } from './ask/flags.ts'
import { givenBy } from './ask/given.ts'
import { oneOf } from './ask/one-of.ts'
import { admitProgram } from './commands/admit.ts'
import type { Facts } from './engine/facts.ts'
import { probeFacts } from './engine/probe.ts'
import { EXIT, StoppedError, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { perform } from './perform.ts'
import { minimalPlan } from './plan/minimal.ts'
import { printPlan } from './plan/print.ts'
import { printScript, SCRIPT_KINDS } from './plan/script.ts'
import type { Plan } from './plan/types.ts'
import { leaveAtOnce, stopSignals } from './signals.ts'

/** The journey: answers, facts, plan, run. Gives the exit code. Throws the errors of src/errors.ts. */
export const create = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = parseFlags(argv, io.env)
  const { script, plan, yes, answers, json } = flags.switches
  if (script !== undefined) return showScript(String(script), givenBy(flags, io.cwd), io)
  if (plan !== undefined || yes !== undefined || answers !== undefined) return straight(flags, io)
  if (!io.terminal.ask || json !== undefined) throw nobodyToAsk()
  const { guide } = await import('./guide.ts')
  return guide(flags, io)
}

/** Without a question: every answer comes from a flag, a file or its default. */
const straight = async (flags: Flags, io: Io): Promise<number> => {
  const given = givenBy(flags, io.cwd)
  const { plan, json, verbose, force } = flags.switches
  const stop = stopSignals(leaveAtOnce)
  try {
    const facts = await factsFor(given, stop.signal, io)
    const made = minimalPlan(given, facts)
    await admitProgram(given.answers.program, made.image.arch)
    if (plan !== undefined) return await showPlan(made, json !== undefined, io)
    const manner = {
      json: json !== undefined,
      verbose: verbose !== undefined,
      force: force !== undefined,
    }
    return (await perform(made, facts, manner, stop, io)).exitCode
  } finally {
    stop.release()
  }
}

const showScript = async (kind: string, { answers }: Given, io: Io): Promise<number> => {
  await io.out.write(printScript(oneOf('script', SCRIPT_KINDS, kind), answers))
  return EXIT.done
}

const showPlan = async (plan: Plan, json: boolean, io: Io): Promise<number> => {
  await io.out.write(json ? `${JSON.stringify(plan)}\n` : printPlan(plan))
  return EXIT.done
}

const nobodyToAsk = (): UsageError =>
  new UsageError('There is nobody to ask: this is no terminal, or a program reads the answers.', [
    'Take the defaults:         create-base-image --yes',
    'See what would be done:    create-base-image --plan',
    'See every flag:            create-base-image --help',
  ])

/** Asks the machine only what these answers turn on. Throws StoppedError when a signal came meanwhile. */
const factsFor = async ({ answers }: Given, signal: AbortSignal, { env }: Io): Promise<Facts> => {
  const compiles = answers.program.kind === 'bundled' || answers.program.kind === 'source'
  const libcs = compiles && answers.compileIn !== 'container' ? [answers.libc] : []
  const facts = await probeFacts({ engine: answers.engine, env, signal, libcs })
  if (signal.aborted) throw new StoppedError(String(signal.reason))
  return facts
}
