import type { Answers, Given } from '../ask/answers.ts'
import type { Flags } from '../ask/flags.ts'
import { givenBy } from '../ask/given.ts'
import { oneOf } from '../ask/one-of.ts'
import { readAsset } from '../assets.ts'
import { admitGiven } from '../commands/admit.ts'
import type { Facts } from '../engine/facts.ts'
import { archOf } from '../engine/arch.ts'
import type { Libc } from '../engine/probe-compiler.ts'
import { probeFacts } from '../engine/probe.ts'
import { EXIT, StoppedError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { FALL_BACK, fallBackFrom } from './fall-back.ts'
import { openRecipe } from './open-recipe.ts'
import { withLoginsNotice } from './logins-notice.ts'
import { perform } from './perform.ts'
import { isArchiveAlways, planFor } from '../plan/plan.ts'
import { crossCompilers } from '../plan/minimal/compiler.ts'
import { withoutFolder } from '../plan/folder-goes.ts'
import { planToShow } from '../plan/plan-to-show.ts'
import { printPlan } from '../plan/print.ts'
import { printScript } from '../plan/script/print-script.ts'
import { publicPlan } from '../plan/public-plan.ts'
import { MANY_KINDS } from '../plan/script/many.ts'
import { SCRIPT_KINDS, type ScriptKind } from '../plan/script/minimal-script.ts'
import type { Plan } from '../plan/types.ts'
import { leaveAtOnce, stopSignals } from './signals.ts'

/** The journey without a question: every answer comes from a flag, a file or its default. Returns the exit code. */
export const createByFlags = async (flags: Flags, io: Io): Promise<number> => {
  await openRecipe(flags, io.cwd)
  const given = givenBy(flags, io.cwd)
  const { script, plan, json, verbose, force, teach, quiet, report } = flags.switches
  if (script !== undefined) return showScript(String(script), given, io)
  const stop = stopSignals(leaveAtOnce)
  try {
    const facts = await factsFor(given, stop.signal, io)
    const planned = (plan === undefined ? planFor : planToShow)(given, facts)
    const made = withoutFolder(withLoginsNotice(planned, given, facts), io.env)
    await admitGiven(given, made.image.arch, io.env)
    if (plan !== undefined) return await showPlan(made, json !== undefined, io)
    const options = {
      json: json !== undefined,
      verbose: verbose !== undefined,
      force: force !== undefined,
      teach: teach !== undefined,
      quiet: quiet !== undefined,
      ...(typeof report === 'string' ? { report } : {}),
    }
    const end = await perform(made, facts, options, stop, io)
    const other = fallBackFrom(given, end)
    if (other === null) return end.exitCode
    await io.err.write(`\n${FALL_BACK}\n\n`)
    return (await perform(planFor(other, facts), facts, options, stop, io)).exitCode
  } finally {
    stop.release()
  }
}

const showScript = async (kind: string, given: Given, io: Io): Promise<number> => {
  const script = oneOf('script', [...SCRIPT_KINDS, ...MANY_KINDS], kind)
  const many = MANY_KINDS.find(one => one === script)
  await io.out.write(
    many === undefined
      ? printScript(script as ScriptKind, given, archOf(process.arch), readAsset)
      : (await import('./build/scripts.ts')).scriptOfOne(many, given, io.cwd),
  )
  return EXIT.done
}

const showPlan = async (plan: Plan, json: boolean, io: Io): Promise<number> => {
  const shown = publicPlan(plan)
  await io.out.write(json ? `${JSON.stringify(shown)}\n` : printPlan(shown, windowOfSh()))
  return EXIT.done
}

/** The columns of a window; none where there is no window, or where a shell continues lines with other characters. */
const windowOfSh = (): number | undefined =>
  process.platform === 'win32' ? undefined : process.stdout.columns

/** Asks the machine only what these answers depend on. Throws StoppedError when a signal came in the meantime. */
const factsFor = async (
  { answers, push, sign }: Given,
  signal: AbortSignal,
  { env }: Io,
): Promise<Facts> => {
  const facts = await probeFacts({
    engine: answers.engine,
    env,
    signal,
    libcs: libcsOf(answers),
    cross: crossCompilers(answers),
    push: push !== null,
    cosign: sign !== null,
    // No engine proves what becomes an archive anyway.
    alwaysPrivateRoot: isArchiveAlways(answers),
    kernelRoot: answers.kind === 'full',
  })
  if (signal.aborted) throw new StoppedError(String(signal.reason))
  return facts
}

/** The C libraries that a compiler on this machine would have to link. */
const libcsOf = (answers: Answers): Libc[] => {
  if (answers.kind === 'full' || answers.compileIn === 'container') return []
  if (answers.archs.length > 0) return []
  return answers.program.kind === 'bundled' || answers.program.kind === 'source'
    ? [answers.libc]
    : []
}
