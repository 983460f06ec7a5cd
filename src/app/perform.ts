import { assetsFolder } from '../assets.ts'
import { distributionNamed } from '../catalog/distributions.ts'
import type { Facts } from '../engine/facts.ts'
import { findRemedy, hintsOf, type RemedyContext } from '../engine/remedies.ts'
import { MachineError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { changedIfTaken } from './changed-command.ts'
import { familyOf } from '../plan/full/families/index.ts'
import { shownPath } from '../plan/names.ts'
import type { Plan } from '../plan/types.ts'
import type { TextSource } from '../run/context.ts'
import type { Event, Intent, StepFailed, View } from '../run/events.ts'
import { keepYoungHeapSmall } from '../run/process/memory.ts'
import { runPlan, type RunEnd } from '../run/run.ts'
import { ensureSudo, keepSudo } from '../run/root/sudo.ts'
import { cleanView } from '../show/clean-view.ts'
import { jsonView } from '../show/json.ts'
import { inWizard } from './in-wizard.ts'
import { linesView, type Fold } from '../show/lines.ts'
import { paintFor } from '../show/paint.ts'
import { quietView } from '../show/quiet.ts'
import type { Stop } from './signals.ts'

/** How a plan is run and shown. */
export interface PerformOptions {
  readonly json: boolean
  readonly verbose: boolean
  readonly force: boolean
  /** Prints the image's ID and what goes wrong, nothing else. */
  readonly quiet?: boolean
  /** The file that gets the run as a page, as it was typed. */
  readonly report?: string
  /** Explains each step, and waits for the person where one can be asked. */
  readonly teach?: boolean
  /** Asks the person what to do after a failed step; without it the run ends there. */
  readonly decide?: (failure: StepFailed) => Promise<Intent>
}

/** Runs a plan in the view that fits the terminal. Throws UsageError when the project folder can't be used. */
export const perform = async (
  plan: Plan,
  facts: Facts,
  options: PerformOptions,
  stop: Stop,
  io: Io,
): Promise<RunEnd> => {
  keepYoungHeapSmall()
  const page =
    options.report === undefined
      ? null
      : (await import('./report.ts')).reportPath(options.report, io.cwd)
  const kept: Event[] = []
  const root = await becomeRoot([plan], io)
  const plainView = await viewFor(renewingSudo(options, plan, io), stop, io)
  const shown = options.decide === undefined ? plainView : inWizard(plainView)
  const view =
    options.teach === true && !options.json ? await taught(shown, plan, facts, stop, io) : shown
  try {
    return await runShown(plan, facts, view, {
      force: options.force,
      signal: stop.signal,
      io,
      ...(page === null ? {} : { keep: events => kept.push(...events) }),
    })
  } finally {
    await view.close()
    root.abort()
    if (page !== null && kept.length > 0) {
      const { writeReport } = await import('./report.ts')
      await io.err.write(`${await writeReport(page, plan, kept)}\n`)
    }
  }
}

/** How a run goes, whatever shows it. */
export interface Running {
  readonly force: boolean
  readonly signal: AbortSignal
  readonly io: Pick<Io, 'env' | 'cwd'>
  /** Gets the events, except those that only pass by. */
  readonly keep?: (events: readonly Event[]) => void
}

/** Runs a plan in an existing view, with what its failures mean. Throws UsageError like runPlan. */
export const runShown = (
  plan: Plan,
  facts: Facts,
  shown: View,
  { force, signal, io, keep }: Running,
): Promise<RunEnd> => {
  const view = keepingEvents(shown, keep)
  const known = {
    platform: facts.platform,
    ...(facts.engine === null ? {} : { client: facts.engine.client }),
    host: plan.rootFolder !== null,
    changed: changedIfTaken(plan, facts, io.cwd),
  }
  return runPlan(plan, facts, {
    view,
    signal,
    env: io.env,
    assets: assetsFolder(),
    force,
    ...(plan.folderIsRemoved === true
      ? {}
      : { lesson: outcome => lessonOf(plan, facts, [...view.events(), outcome], io) }),
    remedy: (text, said) => findRemedy(text, withVoice(known, said)),
    hintsFor: text =>
      plan.journey === 'full' ? [] : hintsOf(text, known, plan.commandLine.words.length > 0),
  })
}

/** What a view has shown, except what only passes by. */
interface Keeping extends View {
  readonly events: () => readonly Event[]
}

const keepingEvents = (view: View, keep?: Running['keep']): Keeping => {
  const kept: Event[] = []
  return {
    ...view,
    show: events => {
      const lasting = events.filter(({ type }) => !PASSING.has(type))
      kept.push(...lasting)
      keep?.(lasting)
      return view.show(events)
    },
    events: () => kept,
  }
}

const PASSING: ReadonlySet<Event['type']> = new Set(['output', 'progress', 'size'])

/** The lesson's words are loaded only when there is something to say. */
const lessonOf = async (
  plan: Plan,
  facts: Facts,
  events: readonly Event[],
  { cwd }: Pick<Io, 'cwd'>,
) => {
  const { lessonOfRun } = await import('../learn/lesson-file.ts')
  return lessonOfRun(plan.journey, lessonWords(plan, facts, cwd), events)
}

const lessonWords = (plan: Plan, facts: Facts, cwd: string) => ({
  client: facts.engine?.client ?? 'docker',
  image: plan.image.reference,
  folder: shownPath(cwd, plan.directory),
  ...(plan.journey === 'full' ? { tool: toolOf(plan) } : {}),
})

const toolOf = ({ answers }: Plan): string =>
  answers['variant'] === 'distroless'
    ? 'distroless'
    : familyOf(distributionNamed(String(answers['distro']))).tool

/** The lesson around a view; a run without it loads none of this. */
const taught = async (view: View, plan: Plan, facts: Facts, stop: Stop, io: Io): Promise<View> => {
  const [{ teachingView }, { keyPause, linePause }, { textWidth }] = await Promise.all([
    import('./teaching.ts'),
    import('../ask/pause.ts'),
    import('../text/wrap.ts'),
  ])
  const { stdin, stdout } = process
  const { canAsk, animate, colour, unicode } = io.terminal
  const paint = paintFor(colour)
  const on = { stdin, stdout, signal: stop.signal, dim: paint.dim }
  return teachingView(view, {
    plan,
    facts,
    env: io.env,
    words: lessonWords(plan, facts, io.cwd),
    page: () => ({ width: Math.min(textWidth(stdout), 80), unicode, strong: paint.strong }),
    write: text => io.out.write(text),
    pause: canAsk ? (animate ? keyPause(on) : linePause(on)) : null,
    stop: () => {
      if (!stop.signal.aborted) stop.stop('SIGINT')
    },
  })
}

/** Advice for what involves no engine names none. */
const withVoice = (known: RemedyContext, said?: TextSource): RemedyContext => {
  if (said === undefined) return known
  const { client, ...others } = known
  const { voice, alone, builderStep, archive = false } = said
  return {
    ...others,
    builderStep,
    archive,
    ...(alone || client === undefined ? {} : { client }),
    ...(alone ? { host: true } : {}),
    ...(voice === undefined ? {} : { voice }),
  }
}

/** By the time a failed step is tried again, sudo may have forgotten the password. */
const renewingSudo = (options: PerformOptions, plan: Plan, io: Io): PerformOptions => {
  const { decide } = options
  if (decide === undefined || !needsSudo(plan)) return options
  return {
    ...options,
    decide: async failure => {
      const intent = await decide(failure)
      if (intent === 'retry') await askSudo(io)
      return intent
    },
  }
}

/**
 * Makes sure that root's part of a plan can be done, before anything draws: sudo may ask for a password. Until the
 * controller aborts, sudo is kept from forgetting it. Throws MachineError when it can't be done.
 */
export const becomeRoot = async (plans: readonly Plan[], io: Io): Promise<AbortController> => {
  const root = new AbortController()
  if (!plans.some(needsSudo)) return root
  await askSudo(io)
  keepSudo(root.signal, io.env)
  return root
}

const needsSudo = ({ steps }: Plan): boolean =>
  steps.flatMap(({ pipeline }) => pipeline).some(stage => stage.kind === 'root' && stage.sudo)

const askSudo = async ({ env, terminal }: Io): Promise<void> => {
  const answer = await ensureSudo({ interactive: terminal.canAsk, env })
  if (answer === 'refused')
    throw new MachineError('sudo did not get its password.', [
      'Try again, or leave --bootstrap host out: a container needs no root rights.',
    ])
}

/** Breaks lines where the window ends; 80 columns where none is known. */
const foldAtWindow = async (): Promise<Fold> => {
  const { foldLine } = await import('../show/fold-text.ts')
  return (line, hang) => foldLine(line, process.stdout.columns || 80, hang)
}

/** Ink is loaded only where it may draw. */
const viewFor = async (
  { json, verbose, quiet, decide }: PerformOptions,
  stop: Stop,
  io: Io,
): Promise<View> => {
  const { animate, colour, unicode } = io.terminal
  const asking = decide === undefined ? {} : { decide }
  if (json) return jsonView(io.out)
  if (quiet === true)
    return cleanView(quietView({ out: io.out, err: io.err, paint: paintFor(false), ...asking }))
  if (!animate || verbose) {
    const reading = io.terminal.canAsk ? { fold: await foldAtWindow() } : {}
    const paint = paintFor(colour)
    return cleanView(linesView({ out: io.out, paint, verbose, ...reading, ...asking }))
  }
  const { liveView } = await import('../show/live/index.tsx')
  const { stdout, stdin } = process
  const onStop = (): void => stop.stop('SIGINT')
  return cleanView(liveView({ stdout, stdin, colour, unicode, onStop, ...asking }))
}
