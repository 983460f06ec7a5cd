import { parseFlags, type Flags } from './ask/flags.ts'
import { givenBy } from './ask/given.ts'
import type { Given } from './ask/answers.ts'
import { oneOf } from './ask/one-of.ts'
import { ASSETS } from './assets.ts'
import { admitProgram } from './commands/admit.ts'
import type { Facts } from './engine/facts.ts'
import { probeFacts } from './engine/probe.ts'
import { findRemedy } from './engine/remedies.ts'
import { EXIT, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { minimalPlan } from './plan/minimal.ts'
import { printPlan } from './plan/print.ts'
import { printScript, SCRIPT_KINDS } from './plan/script.ts'
import type { Plan } from './plan/types.ts'
import { runPlan } from './run/run.ts'
import { jsonView } from './show/json.ts'
import { linesView } from './show/lines.ts'
import { paintFor } from './show/paint.ts'
import { stopSignals } from './signals.ts'

/** The journey: answers, facts, plan, run. Gives the exit code. Throws the errors of src/errors.ts. */
export const create = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = parseFlags(argv, io.env)
  const given = givenBy(flags, io.cwd)
  if (flags.switches.script !== undefined)
    return showScript(String(flags.switches.script), given, io)
  if (flags.switches.plan === undefined) checkMayRun(flags)
  const facts = await probeFacts({ engine: given.answers.engine, env: io.env })
  const plan = minimalPlan(given, facts)
  await admitProgram(given.answers.program, plan.image.arch)
  return flags.switches.plan === undefined ? run(plan, facts, flags, io) : showPlan(plan, flags, io)
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

const run = async (plan: Plan, facts: Facts, { switches }: Flags, io: Io): Promise<number> => {
  const view =
    switches.json === undefined
      ? linesView({
          out: io.out,
          paint: paintFor(io.colour),
          verbose: switches.verbose !== undefined,
        })
      : jsonView(io.out)
  const { signal, release } = stopSignals(code => process.exit(code))
  try {
    const end = await runPlan(plan, facts, {
      view,
      signal,
      env: io.env,
      assets: ASSETS,
      force: switches.force !== undefined,
      remedy: text =>
        findRemedy(text, {
          platform: facts.platform,
          ...(facts.engine === null ? {} : { client: facts.engine.client }),
        }),
    })
    return end.exitCode
  } finally {
    await view.close()
    release()
  }
}
