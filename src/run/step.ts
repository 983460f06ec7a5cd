import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { chmod, stat } from 'node:fs/promises'
import type { Step } from '../plan/types.ts'
import { shownCommands } from '../plan/shown-commands.ts'
import { repeatCommand } from './repeat-command.ts'
import { checkCondition } from './condition.ts'
import { rememberName } from './clean-up/early-name.ts'
import { clientOf, removeContainer } from './clean-up/containers.ts'
import type { RunContext } from './context.ts'
import { cannotWrite } from './crafts/cannot-write.ts'
import { CraftError } from './crafts/craft-error.ts'
import type { CraftResult } from './crafts/craft.ts'
import { runCraft } from './crafts/index.ts'
import type { StepFailed, StepRecord } from './events.ts'
import type { Execution } from './execute.ts'
import { exactCommands } from './exact.ts'
import { executeBesideOthers } from './image-race.ts'
import { isDone, madeImage } from './made-image.ts'
import { namedImage, noteReplaced } from './replaced.ts'
import { takeTurn } from './turn.ts'
import { linkerNotes, madeWithOf, warnedOf } from './linker-notes.ts'
import { reportUnknown } from './issue.ts'
import { isUnknown, remedyFor, type Failure } from './remedy-for.ts'
import { recordOf } from './project/records.ts'
import { saveState } from './project/project.ts'
import { CreateError } from './stages/container.ts'
import { learnDigest } from './pushed.ts'
import { fillResult, resolveWord } from './values.ts'

/** Runs one step, or skips it when its result is there. Returns its failure, or null. Rejects when the run is stopped. */
export const runStep = async (step: Step, context: RunContext): Promise<StepFailed | null> => {
  const skipped = await whySkip(step, context)
  if (skipped !== null) {
    const notes = recallNotes(step, context)
    await context.emit([{ type: 'step-skipped', step: step.id, reason: skipped, ...notes }])
    return null
  }
  await context.emit([started(step, context)])
  // A person may read the reason first, and leave; that is not part of the step.
  context.signal.throwIfAborted()
  const began = performance.now()
  const seconds = (): number => Math.round(performance.now() - began) / 1000
  const turn = await takeTurn(step, context)
  try {
    const made = turn.waited ? await whySkip(step, context) : null
    if (made !== null) {
      await context.emit([{ type: 'step-skipped', step: step.id, reason: 'another run made it' }])
      return null
    }
    return await carryOut(step, context, seconds)
  } finally {
    turn.release()
  }
}

const carryOut = async (
  step: Step,
  context: RunContext,
  seconds: () => number,
): Promise<StepFailed | null> => {
  if (step.id === context.plan.namedBy) await rememberName(context)
  if (step.afterProof === true) context.nameBefore = undefined
  const before = step.id === (context.plan.namedBy ?? 'name') ? await namedImage(context) : null
  const outcome = await attempt(step, context)
  context.signal.throwIfAborted()
  if (outcome.failed !== null) {
    const event = await failedEvent(step, context, outcome.failed, seconds())
    await context.emit([event])
    return event
  }
  releaseContainers(step, context)
  if (before !== null) await noteReplaced(before, context)
  const { result, record } = outcome
  const recorded = record === null ? {} : { record }
  await context.emit([
    {
      type: 'step-done',
      step: step.id,
      seconds: seconds(),
      result,
      ...notesOf(step, context),
      ...recorded,
    },
  ])
  return null
}

/** What a linker warned of is as true of a program that is here already. */
const recallNotes = (step: Step, context: RunContext): { notes?: readonly string[] } => {
  if (step.voice !== 'compiler') return {}
  const { warned = [], madeWith = [] } = context.project.state.steps[step.id] ?? {}
  context.warned = warned
  context.madeWith = madeWith
  return notesOf(step, context)
}

const notesOf = (step: Step, context: RunContext): { notes?: readonly string[] } => {
  const notes = step.voice === 'compiler' ? linkerNotes(context.warned, context) : []
  return notes.length === 0 ? {} : { notes }
}

/** A container that stayed for this step has served, and can go while the next steps work. */
const releaseContainers = ({ pipeline }: Step, context: RunContext): void => {
  for (const stage of pipeline) {
    if (stage.kind !== 'container' || stage.restarts === undefined) continue
    const id = context.keptContainers.get(stage.restarts)
    context.keptContainers.delete(stage.restarts)
    if (id !== undefined) context.later(removeContainer(clientOf(context), id))
  }
}

type Attempt =
  | { readonly failed: Failure }
  | { readonly failed: null; readonly result: string; readonly record: StepRecord | null }

/** What a step's work came to, before its results are recorded. */
type Work = { readonly failed: Failure } | { readonly failed: null; readonly result: string }

const whySkip = async (step: Step, context: RunContext): Promise<string | null> => {
  const served = context.plan.steps.filter(({ id }) => step.servesOnly?.includes(id) === true)
  const done = await Promise.all(served.map(other => isDone(other, context)))
  if (done.length > 0 && done.every(Boolean)) return 'not needed, its work is done'
  if (await isDone(step, context))
    return alreadyHere(step.outputs ?? [context.plan.image.reference])
  if (step.postcondition?.skippable !== true) return null
  const check = await checkCondition(step.postcondition, context)
  return check.met ? 'already here' : null
}

const alreadyHere = (outputs: readonly string[]): string =>
  `${outputs.join(', ')} ${outputs.length === 1 ? 'is' : 'are'} already here`

const started = (step: Step, context: RunContext) => ({
  type: 'step-started' as const,
  step: step.id,
  commands: shownCommands(step, word => resolveWord(context.values, word)),
  exact: exactCommands(step, context),
})

const attempt = async (step: Step, context: RunContext): Promise<Attempt> => {
  try {
    const done = await work(step, context)
    if (done.failed === null) return { ...done, record: await remember(step, context) }
    await attachJournal(context)
    return done
  } catch (error) {
    if (context.signal.aborted) throw error
    await attachJournal(context).catch(() => undefined)
    return { failed: failureOf(error, context) }
  }
}

const work = async (step: Step, context: RunContext): Promise<Work> => {
  const first = step.pipeline[0]
  // A craft that tells how far it is has a reader for it.
  if (first?.kind !== 'craft' || step.reader === 'script')
    return commandWork(step, await executeBesideOthers(step, context), context)
  return craftWork(step, await runCraft(first, context), context)
}

/** Records what the step made, so that the next run can skip it. */
const remember = async (step: Step, context: RunContext): Promise<StepRecord | null> => {
  const { project } = context
  await attachJournal(context)
  const made = await recordOf(step, project, madeImage(context))
  const { warned, madeWith } = context
  const record =
    made !== null && step.voice === 'compiler'
      ? {
          ...made,
          ...(warned.length > 0 && { warned }),
          ...(madeWith.length > 0 && { madeWith }),
        }
      : made
  if (record !== null)
    await saveState(project, { steps: { ...project.state.steps, [step.id]: record } })
  return record
}

/** Once the folder is this run's alone, the journal is in it; before, it would take another run's place. */
const attachJournal = async ({ project, journal }: RunContext): Promise<void> => {
  if (project.lockedBy !== undefined) await journal.attach()
}

const craftWork = async (step: Step, done: CraftResult, context: RunContext): Promise<Work> => {
  for (const [name, value] of Object.entries(done.values ?? {})) context.values.set(name, value)
  await context.emit(
    (done.lines ?? []).map(line => ({ type: 'output', step: step.id, source: 'stdout', line })),
  )
  await learnOutput(step, context)
  return { failed: null, result: done.result ?? fillResult(context.values, step.result ?? '') }
}

const commandWork = async (step: Step, done: Execution, context: RunContext): Promise<Work> => {
  if (done.failed !== null) return { failed: { ...done.failed, lastLines: done.lastLines } }
  await openOutputs(step, context)
  if (step.postcondition !== undefined) {
    const check = await checkCondition(step.postcondition, context)
    if (!check.met)
      return {
        failed: { exitCode: null, message: step.postcondition.otherwise, lastLines: check.lines },
      }
  }
  await learnOutput(step, context)
  if (step.voice === 'compiler') {
    context.warned = warnedOf(done.lastLines)
    context.madeWith = madeWithOf(done.lastLines)
  }
  const unlearnt = await learnDigest(step, done.lastLines, context)
  if (unlearnt !== null)
    return { failed: { exitCode: null, message: unlearnt, lastLines: done.lastLines } }
  context.values.set('last-line', done.lastLines.at(-1) ?? '')
  return { failed: null, result: done.result ?? fillResult(context.values, step.result ?? '') }
}

/** A compiler gives its program the modes that the umask leaves, and the image's user may be another than the owner. */
const openOutputs = async (step: Step, { project }: RunContext): Promise<void> => {
  if (step.pipeline[0]?.kind !== 'command') return
  await Promise.all((step.outputs ?? []).map(file => chmod(join(project.directory, file), 0o755)))
}

const learnOutput = async (step: Step, { project, values }: RunContext): Promise<void> => {
  const file = step.outputs?.[0]
  if (file === undefined) return
  const { size } = await stat(join(project.directory, file))
  values.set('output.bytes', String(size))
}

const failureOf = (caught: unknown, { project }: RunContext): Failure => {
  const error = cannotWrite(project.directory, caught)
  if (error instanceof CraftError) {
    return {
      exitCode: null,
      message: error.message,
      lastLines: [],
      todo: error.todo,
      code: error.code,
    }
  }
  if (error instanceof CreateError) {
    return {
      exitCode: error.exitCode,
      message: error.message,
      lastLines: error.text.trim().split('\n'),
    }
  }
  const { code, message } = error as NodeJS.ErrnoException
  return { exitCode: null, message, lastLines: code === undefined ? [] : [`${code}: ${message}`] }
}

const failedEvent = async (
  step: Step,
  context: RunContext,
  failure: Failure,
  seconds: number,
): Promise<StepFailed> => {
  const remedy = remedyFor(step, context, failure)
  const event: StepFailed = {
    type: 'step-failed',
    step: step.id,
    seconds,
    exitCode: failure.exitCode,
    message: failure.message,
    lastLines: failure.lastLines.slice(-20),
    remedy,
    repeat: repeatCommand(context),
    log: context.project.lockedBy === undefined ? '' : context.journal.path,
  }
  if (!isUnknown(step, failure, remedy)) return event
  return { ...event, ...(await reportUnknown(step, context, event)) }
}
