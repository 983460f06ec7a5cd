import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Stage, Step, Word } from '../plan/types.ts'
import { clientOf } from './clean-up/containers.ts'
import type { RunContext } from './context.ts'
import { containerName } from './exact.ts'
import { openWhole, type WholeFile } from './project/files.ts'
import { printable } from '../text/printable.ts'
import { CutShort, runPipeline, type PipelineEnd } from './pipeline.ts'
import type { CraftResult } from './crafts/craft.ts'
import type { Running } from './stage.ts'
import { startCommand } from './stages/command.ts'
import { startContainer } from './stages/container.ts'
import { startCraft } from './stages/craft.ts'
import { startPull } from './stages/pull.ts'
import { removeRootFolder } from './clean-up/root-folder.ts'
import { startRoot } from './stages/root.ts'
import { stepStreams } from './step-streams.ts'
import { resolveWord } from './values.ts'
import { howOf, verdictOf } from './verdict.ts'

/** How a step's commands went. */
export interface Execution {
  readonly failed: {
    readonly exitCode: number | null
    readonly message: string
    /** What to do, when the way it ended says that better than its words. */
    readonly todo?: readonly string[]
    /** The signal that ended it. */
    readonly signal?: string
  } | null
  /** A few words on the result, when the way it ended says more than its values. */
  readonly result?: string
  /** Its last lines, 200 at most. */
  readonly lastLines: readonly string[]
}

/** Runs a step's pipeline: starts its stages, reads their output, and waits for their end. */
export const executePipeline = async (step: Step, context: RunContext): Promise<Execution> => {
  const lastLines: string[] = []
  const file =
    step.to.kind === 'file'
      ? await openWhole(join(context.project.directory, step.to.file), step.to.mode)
      : null
  try {
    const stages = await startAll(step, context)
    const stopped = stopWhen(stages, step, context)
    const end = await runPipeline(stages, stepStreams(step, context, file, lastLines))
    const outOfPatience = stopped.done()
    context.signal.throwIfAborted()
    if (outOfPatience) return stillRunning(step, context, lastLines)
    if (step.proofBy === 'start') return started(end, context, lastLines)
    const made = craftResult(stages)
    for (const [name, value] of Object.entries(made?.values ?? {})) context.values.set(name, value)
    const failed = judge(end, file) ?? misprint(step, context)
    if (failed === null) await file?.commit()
    return { failed, lastLines, ...(made?.result === undefined ? {} : { result: made.result }) }
  } catch (error) {
    if (!(error instanceof CutShort)) throw error
    return { failed: { exitCode: null, message: error.message }, lastLines }
  } finally {
    await file?.discard()
  }
}

const startAll = async (step: Step, context: RunContext): Promise<Running[]> => {
  const started: Running[] = []
  try {
    for (const [i, stage] of step.pipeline.entries())
      started.push(await startStage(step, stage, i, context))
  } catch (error) {
    await Promise.all(started.map(stage => stage.kill()))
    throw error
  }
  return started
}

const startStage = (
  step: Step,
  stage: Stage,
  index: number,
  context: RunContext,
): Running | Promise<Running> => {
  const resolve = (word: Word): string => resolveWord(context.values, word)
  const { env, runId, signal, later, project, keptContainers, assets } = context
  const cwd = project.made || project.kind !== 'new' ? project.directory : process.cwd()
  if (stage.kind === 'craft')
    return startCraft(stage, { project, runId, assets, signal, client: clientOf(context) })
  if (stage.kind === 'pull') return startPull(stage, { cwd, env })
  if (stage.kind === 'container') {
    return startContainer(stage, {
      cwd,
      env,
      runId,
      signal,
      later,
      resolve,
      name: containerName(step, stage, runId),
      keptContainers,
      step: step.id,
    })
  }
  if (stage.kind === 'root') {
    // A killed run, or a try before this one, may have left half a system.
    const ready = stage.startsFresh === true ? removeRootFolder(context) : Promise.resolve()
    return ready.then(() =>
      startRoot(stage, { cwd, env, resolve, assets, secretInput: step.secretInput }),
    )
  }
  return startCommand(
    stage,
    { cwd, env, resolve },
    index > 0 || step.from !== undefined ? 'pipe' : 'ignore',
  )
}

/** Ends the stages when the run is stopped, or when a proof has taken long enough. */
const stopWhen = (
  stages: readonly Running[],
  step: Step,
  { signal, later }: RunContext,
): { done: () => boolean } => {
  const patience = new AbortController()
  let impatient = false
  const kill = (): void => later(Promise.all(stages.map(stage => stage.kill())))
  signal.addEventListener('abort', kill)
  if (step.patience !== undefined) {
    delay(step.patience * 1000, undefined, { signal: patience.signal, ref: false }).then(
      () => {
        impatient = true
        kill()
      },
      () => undefined,
    )
  }
  if (signal.aborted) kill()
  return {
    done: () => {
      signal.removeEventListener('abort', kill)
      patience.abort()
      return impatient
    },
  }
}

/** What the pipeline's craft gives. Throws the error that it failed with: it says more than how the others ended. */
const craftResult = (stages: readonly Running[]): CraftResult | null => {
  const end = stages.at(-1)?.craft?.() ?? null
  if (end === null) return null
  if ('error' in end) throw end.error
  return end.result
}

/** What a program proves by having been started. */
const started = (
  end: PipelineEnd,
  context: RunContext,
  lastLines: readonly string[],
): Execution => {
  const { plan, facts } = context
  const engineArch = facts.engine?.arch ?? facts.arch
  const foreign = plan.image.arch !== engineArch
  const verdict = verdictOf(end, lastLines, foreign)
  if (verdict.kind === 'failed')
    return { failed: { exitCode: end.exitCode, ...verdict }, lastLines }
  if (verdict.kind === 'foreign') {
    context.unproven = `the engine runs ${engineArch}, the image is for ${plan.image.arch}, and there is no emulator; an engine on ${plan.image.arch} would prove it`
    return { failed: null, lastLines, result: `not started: it is for ${plan.image.arch}` }
  }
  if (verdict.note === null) return { failed: null, lastLines }
  context.proofNote = verdict.note
  context.hints = context.hintsFor(lastLines.join('\n'))
  return { failed: null, lastLines, result: verdict.note }
}

/** A program may be meant to run on; but what must be printed must have been printed by then. */
const stillRunning = (step: Step, context: RunContext, lastLines: readonly string[]): Execution => {
  const note = `it serves: it was still running after ${step.patience} s, and was stopped`
  const wrong = misprint(step, context)
  if (wrong !== null)
    return { failed: { ...wrong, message: `${wrong.message} And ${note}.` }, lastLines }
  context.proofNote = note
  context.serves = true
  return { failed: null, lastLines, result: note }
}

/** A proof that prints another release than was asked for proves the wrong thing; the step knows what it may be. */
const misprint = (
  { mustPrint = [], mustBegin, todo }: Step,
  { printed }: RunContext,
): { exitCode: null; message: string; todo?: readonly string[] } | null => {
  const lines = Buffer.concat(printed).toString('utf8').split(/\r?\n/)
  const lacking = mustPrint.filter(line => !lines.includes(line))
  if (mustBegin !== undefined && !lines.some(line => line.startsWith(mustBegin)))
    lacking.push(`${mustBegin}…`)
  if (lacking.length === 0) return null
  const instead = [...new Set(lacking.map(line => printedInstead(line, lines)))]
  return {
    exitCode: null,
    message: `It should have printed the line ${lacking.join(' and ')}, and printed ${instead.join(' and ')}.`,
    ...(todo === undefined ? {} : { todo }),
  }
}

/** The line with the same key (`ID=`) is the one to compare with; else the first says what it is. */
const printedInstead = (line: string, lines: readonly string[]): string => {
  const [key] = /^[^=:]+[=:]/.exec(line) ?? []
  const same = key === undefined ? undefined : lines.find(one => one.startsWith(key))
  const found = same ?? lines.find(one => one.trim() !== '')
  return found === undefined ? 'nothing' : printable(found.slice(0, LONGEST_SHOWN))
}

/** Letters of a line that came instead of another. */
const LONGEST_SHOWN = 120

const judge = (end: PipelineEnd, file: WholeFile | null): Execution['failed'] => {
  if (end.exitCode !== 0) {
    return {
      exitCode: end.exitCode,
      message: `${end.name} ${howOf(end)}.`,
      ...(end.signal === undefined ? {} : { signal: end.signal }),
    }
  }
  if (file !== null && file.bytes() === 0)
    return { exitCode: 0, message: `${end.name} succeeded but wrote no bytes.` }
  return null
}
