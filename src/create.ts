import { parseFlags, type Flags } from './ask/flags.ts'
import { givenBy } from './ask/given.ts'
import type { Given } from './ask/answers.ts'
import { oneOf } from './ask/one-of.ts'
import { ASSETS } from './assets.ts'
import { admitProgram } from './commands/admit.ts'
import type { Facts } from './engine/facts.ts'
import { probeFacts } from './engine/probe.ts'
import { findRemedy } from './engine/remedies.ts'
import { EXIT, StoppedError, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { minimalPlan } from './plan/minimal.ts'
import { printPlan } from './plan/print.ts'
import { printScript, SCRIPT_KINDS } from './plan/script.ts'
import type { Plan } from './plan/types.ts'
import type { View } from './run/events.ts'
import { runPlan } from './run/run.ts'
import { jsonView } from './show/json.ts'
import { linesView } from './show/lines.ts'
import { paintFor } from './show/paint.ts'
import { stopSignals, type Stop } from './signals.ts'

/** The journey: answers, facts, plan, run. Gives the exit code. Throws the errors of src/errors.ts. */
export const create = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = parseFlags(argv, io.env)
  const given = givenBy(flags, io.cwd)
  const { script, plan } = flags.switches
  if (script !== undefined) return showScript(String(script), given, io)
  if (plan === undefined) checkMayRun(flags)
  const stop = stopSignals(leaveAtOnce)
  try {
    const facts = await factsFor(given, stop.signal, io)
    const made = minimalPlan(given, facts)
    await admitProgram(given.answers.program, made.image.arch)
    return plan === undefined
      ? await run(made, facts, flags, stop, io)
      : await showPlan(made, flags, io)
  } finally {
    stop.release()
  }
}

const leaveAtOnce = (code: number): void => {
  process.stderr.write('Left at once. What is left is removed by: create-base-image clean\n')
  process.exit(code)
}

/** Asks the machine only what these answers turn on. Throws StoppedError when a signal came meanwhile. */
const factsFor = async ({ answers }: Given, signal: AbortSignal, { env }: Io): Promise<Facts> => {
  const compiles = answers.program.kind === 'bundled' || answers.program.kind === 'source'
  const libcs = compiles && answers.compileIn !== 'container' ? [answers.libc] : []
  const facts = await probeFacts({ engine: answers.engine, env, signal, libcs })
  if (signal.aborted) throw new StoppedError(String(signal.reason))
  return facts
}

const showScript = async (kind: string, { answers }: Given, io: Io): Promise<number> => {
  await io.out.write(printScript(oneOf('script', SCRIPT_KINDS, kind), answers))
  return EXIT.done
}

const showPlan = async (plan: Plan, { switches }: Flags, io: Io): Promise<number> => {
  await io.out.write(switches.json === undefined ? printPlan(plan) : `${JSON.stringify(plan)}\n`)
  return EXIT.done
}

/** Until the questions can be asked at a prompt, every answer comes from a flag or its default. */
const checkMayRun = ({ switches }: Flags): void => {
  if (switches.yes !== undefined || switches.answers !== undefined) return
  throw new UsageError('Nothing was asked for yet, and this version asks no questions.', [
    'Take the defaults:         create-base-image --yes',
    'See what would be done:    create-base-image --plan',
    'See every flag:            create-base-image --help',
  ])
}

const run = async (
  plan: Plan,
  facts: Facts,
  { switches }: Flags,
  stop: Stop,
  io: Io,
): Promise<number> => {
  const view = await viewFor(switches, stop, io)
  const context = {
    platform: facts.platform,
    ...(facts.engine === null ? {} : { client: facts.engine.client }),
  }
  try {
    const end = await runPlan(plan, facts, {
      view,
      signal: stop.signal,
      env: io.env,
      assets: ASSETS,
      force: switches.force !== undefined,
      remedy: text => findRemedy(text, context),
    })
    return end.exitCode
  } finally {
    await view.close()
  }
}

/** Ink is loaded only where it may draw. */
const viewFor = async (switches: Flags['switches'], stop: Stop, io: Io): Promise<View> => {
  const { animate, colour, unicode } = io.terminal
  const verbose = switches.verbose !== undefined
  if (switches.json !== undefined) return jsonView(io.out)
  if (!animate || verbose) return linesView({ out: io.out, paint: paintFor(colour), verbose })
  const { liveView } = await import('./show/live/index.tsx')
  const { stdout, stdin } = process
  return liveView({ stdout, stdin, colour, unicode, onStop: () => stop.stop('SIGINT') })
}
