import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Facts } from '../engine/facts.ts'
import { EXIT, stopCode } from '../errors.ts'
import type { Plan, Step } from '../plan/types.ts'
import { withoutSecrets } from '../plan/public-plan.ts'
import { shownCommands } from '../plan/shown-commands.ts'
import { repeatCommand } from './repeat-command.ts'
import { giveNameBack } from './clean-up/early-name.ts'
import { cleanUp, type CleanedUp } from './clean-up/clean-up.ts'
import { sweepDeadRuns } from './clean-up/containers.ts'
import type { FindRemedy, RunContext } from './context.ts'
import { childEnvironment } from './process/environment.ts'
import {
  EVENTS_VERSION,
  type Event,
  type Intent,
  type Outcome,
  type StepFailed,
  type View,
} from './events.ts'
import { forgetIssue } from './issue.ts'
import { digestOf } from './project/files.ts'
import { openJournal, type Journal } from './project/journal.ts'
import { writeOwnFile } from './project/own-file.ts'
import { measure, outcomeOf } from './outcome.ts'
import { openProject, saveState } from './project/project.ts'
import { proxySecrets } from './process/proxies.ts'
import { newRunId, runsHere } from './process/run-id.ts'
import { runStep } from './step.ts'
import { sweepUnproven } from './clean-up/unproven.ts'

export interface RunOptions {
  readonly view: View
  readonly remedy: FindRemedy
  /** What may be done about what a program printed that did not end with 0. */
  readonly hintsFor: (text: string) => readonly string[]
  /** Aborted with a signal's name (`SIGINT`, `SIGTERM`, …) to stop the run. */
  readonly signal: AbortSignal
  readonly env: NodeJS.ProcessEnv
  /** The folder of the files we ship, absolute. */
  readonly assets: string
  readonly force: boolean
  /** Returns a file for the project folder that says what this run has done; written when all went well. */
  readonly lesson?: (outcome: Outcome) => Promise<Lesson>
}

/** A text file of the project folder. */
export interface ProjectText {
  readonly file: string
  readonly text: string
}

/** The lesson of a run as a file, and what the end of the run says about it. */
interface Lesson extends ProjectText {
  readonly learnt: readonly string[]
}

/** How a run ended: its exit code, whether the person wants to change an answer, and the failure that ended it. */
export interface RunEnd {
  readonly exitCode: number
  readonly change: boolean
  readonly failure?: StepFailed
}

/**
 * Runs a plan and shows its events. Whatever ends it, nothing of it is left running.
 * Throws UsageError, before anything is made, when the project folder can't be used.
 */
export const runPlan = async (plan: Plan, facts: Facts, options: RunOptions): Promise<RunEnd> => {
  const project = openProject(plan.directory, plan.answers, options.force, {
    plan,
    force: options.force,
  })
  const journal = openJournal(plan.directory, facts)
  const pending: Promise<unknown>[] = []
  const runId = newRunId()
  const secrets = [...plan.secrets, ...proxySecrets(options.env)]
  // A program may repeat a secret in whatever it prints.
  const redact = <T>(data: T): T => withoutSecrets(data, secrets)
  const context: RunContext = {
    plan,
    facts,
    runId,
    project,
    journal,
    values: new Map([
      ['run', runId],
      ['image.name', plan.unproven === null ? '' : `${plan.unproven.stem}${runId}`],
    ]),
    keptContainers: new Map(),
    sizeHistory: [],
    signal: options.signal,
    env: childEnvironment(facts, options.env),
    assets: options.assets,
    remedy: options.remedy,
    redact,
    emit: events => emit(redact(events), journal, options.view),
    later: work => pending.push(work),
    printed: [],
    proofNote: null,
    unproven: null,
    warned: [],
    madeWith: [],
    serves: false,
    hints: [],
    nameBefore: undefined,
    hintsFor: options.hintsFor,
    replaced: null,
    sizes: null,
  }
  runsHere(runId, true)
  announceStop(context)
  sweepOldRuns(context)
  let end: RunEnd | null = null
  try {
    end = await runSteps(context, options)
  } catch (error) {
    if (!options.signal.aborted) throw error
    end = { exitCode: stopCode(String(options.signal.reason)), change: false }
  } finally {
    const removed = await settle(pending)
    const back = end?.exitCode === EXIT.done ? [] : await giveNameBack(context)
    const leftovers = await cleanUp(context, !removed)
    await context.emit([...back, ...lastWords(options.signal, leftovers)])
    await journal.close()
    runsHere(runId, false)
  }
  return end
}

/** Waits for everything that is under way, and for what that brings. False when a removal did not succeed. */
const settle = async (pending: Promise<unknown>[]): Promise<boolean> => {
  let well = true
  while (pending.length > 0) {
    const ends = await Promise.allSettled(pending.splice(0))
    well &&= ends.every(end => end.status === 'fulfilled' && end.value !== false)
  }
  return well
}

const emit = async (events: readonly Event[], journal: Journal, view: View): Promise<void> => {
  if (events.length === 0) return
  await Promise.all([journal.write(events), view.show(events)])
}

const runSteps = async (context: RunContext, options: RunOptions): Promise<RunEnd> => {
  const { view } = options
  const began = performance.now()
  await context.emit([planEvent(context)])
  let kept: Pick<Outcome, 'changes'> | null = null
  for (const step of context.plan.steps) {
    // What is attached to a pushed image lies in the project folder by then.
    if (step.pushes !== undefined) kept = await keepFiles(context)
    const end = await runUntilSettled(step, context, view)
    if (end !== null) return end
    if (step.id === context.plan.contents?.readyAfter) context.sizes = measure(context)
  }
  const waited = view.waited?.() ?? 0
  const seconds = Math.round(performance.now() - began - waited) / 1000
  const changes = kept ?? (await keepFiles(context))
  const outcome = context.redact({ ...(await outcomeOf(context, seconds)), ...changes })
  const lesson = await writeLesson(outcome, context, options).catch(() => null)
  await context.emit([{ ...outcome, ...lesson }])
  await forgetIssue(context).catch(() => undefined)
  // The image is there and proven; a note on it that can't be written changes nothing of that.
  await saveState(context.project, { finished: true }).catch(() => undefined)
  return { exitCode: EXIT.done, change: false }
}

const keepFiles = async (context: RunContext): Promise<Pick<Outcome, 'changes'>> =>
  (await import('./project/keep.ts')).keepOf(context)

/** Returns what the outcome says about the lesson: its file's path and what is learnt; null when there is none. */
const writeLesson = async (
  outcome: Outcome,
  { project }: RunContext,
  { lesson }: RunOptions,
): Promise<Pick<Outcome, 'lesson' | 'learnt'> | null> => {
  if (lesson === undefined) return null
  const { file, text, learnt } = await lesson(outcome)
  const content = Buffer.from(text)
  await writeOwnFile({ file, text, content }, project)
  await saveState(project, { written: { ...project.state.written, [file]: digestOf(content) } })
  return { lesson: join(project.directory, file), learnt }
}

/** Runs a step, again as often as the person asks. Returns the end of the run, or null to go on. */
const runUntilSettled = async (
  step: Step,
  context: RunContext,
  view: View,
): Promise<RunEnd | null> => {
  for (;;) {
    context.signal.throwIfAborted()
    const failure = await runStep(step, context)
    if (failure === null) return null
    const intent: Intent = await unlessStopped(context.signal, view.decide(failure))
    if (intent !== 'retry')
      return { exitCode: failureCode(failure), change: intent === 'change', failure }
  }
}

/** A person who is asked may answer by a signal. */
const unlessStopped = <T>(signal: AbortSignal, answer: Promise<T>): Promise<T> =>
  Promise.race([
    answer,
    new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
    }),
  ])

const failureCode = (failure: StepFailed): number =>
  failure.remedy?.lacks === true ? EXIT.machine : EXIT.failed

const planEvent = (context: RunContext): Event => ({
  type: 'plan',
  version: EVENTS_VERSION,
  run: context.runId,
  headline: context.plan.headline,
  directory: context.plan.directory,
  repeat: repeatCommand(context),
  notices: context.plan.notices,
  steps: context.plan.steps.map(step => ({
    id: step.id,
    title: step.title,
    why: step.why,
    commands: shownCommands(step),
  })),
})

/** What was left is reported however the run ended. */
const lastWords = (
  { aborted, reason }: AbortSignal,
  { swept, containers, images, rootFolder }: CleanedUp,
): Event[] => {
  const clean = swept && images.length === 0 && rootFolder === null
  const leftovers = {
    ...(swept ? {} : { containersRemain: true }),
    ...(containers.length === 0 ? {} : { containers }),
    ...(images.length === 0 ? {} : { images }),
    ...(rootFolder === null ? {} : { leftFolder: rootFolder }),
  }
  if (aborted) return [{ type: 'stopped', signal: String(reason), clean, ...leftovers }]
  return clean ? [] : [{ type: 'leftovers', ...leftovers }]
}

/** The person hears at once that the stop is under way. */
const announceStop = (context: RunContext): void => {
  const { signal } = context
  signal.addEventListener('abort', () =>
    context.later(context.emit([{ type: 'stopped', signal: String(signal.reason), clean: false }])),
  )
}

/** What a killed run left is removed while this one works. */
const sweepOldRuns = (context: RunContext): void => {
  const { facts, env } = context
  if (facts.engine === null) return
  const client = { program: facts.engine.client, cwd: process.cwd(), env }
  // An image can't be removed while a container of it is there.
  context.later(sweepDeadRuns(client).then(() => sweepUnproven(client)))
}
