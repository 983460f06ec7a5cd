import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Stage, Step, Word } from '../plan/types.ts'
import type { RunContext } from './context.ts'
import type { Event } from './events.ts'
import { containerName } from './exact.ts'
import { gzipGauge } from './gauge.ts'
import { openWhole, type WholeFile } from './files.ts'
import { CutShort, runPipeline, type PipelineEnd } from './pipeline.ts'
import { makeReader } from './progress/index.ts'
import type { Reading, Source } from './progress/reader.ts'
import type { CraftResult } from './crafts/craft.ts'
import type { Running } from './stage.ts'
import { startCommand } from './stages/command.ts'
import { startContainer } from './stages/container.ts'
import { startCraft } from './stages/craft.ts'
import { startPull } from './stages/pull.ts'
import { removeRootFolder } from './root-folder.ts'
import { startRoot } from './stages/root.ts'
import { size } from '../units.ts'
import { resolveWord } from './values.ts'

/** How a step's commands went. */
export interface Execution {
  readonly failed: { readonly exitCode: number | null; readonly message: string } | null
  /** A few words on the result, when the way it ended says more than its values. */
  readonly result?: string
  /** Its last lines, 200 at most. */
  readonly lastLines: readonly string[]
}

/** What a proof may print before the rest is left out. */
const PROOF_BYTES = 64 * 1024

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
    const end = await runPipeline(stages, streams(step, context, file, lastLines))
    const outOfPatience = stopped.done()
    context.signal.throwIfAborted()
    if (outOfPatience) return stillRunning(step, context, lastLines)
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
  const { env, runId, signal, later, project, left, assets } = context
  const cwd = project.made || project.kind !== 'new' ? project.directory : process.cwd()
  if (stage.kind === 'craft') return startCraft(stage, context)
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
      left,
      step: step.id,
    })
  }
  if (stage.kind === 'root') {
    // A killed run, or a try before this one, may have left half a system.
    const ready = stage.anew === true ? removeRootFolder(context) : Promise.resolve()
    return ready.then(() => startRoot(stage, { cwd, env, resolve, assets }))
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
  signal.addEventListener('abort', kill, { once: true })
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

const streams = (step: Step, context: RunContext, file: WholeFile | null, lastLines: string[]) => {
  const reader = makeReader(step.reader)
  const last = step.pipeline.at(-1)?.kind
  // A craft that packs measures by itself.
  const gauge = step.reader === 'import' && last === 'command' ? gzipGauge() : null
  // Where a craft takes what a command prints, the command's status can only come by stderr.
  const told = last === 'craft' && step.reader === 'apt' ? 'stdout' : 'stderr'
  const show = async (readings: readonly Reading[], source: Source): Promise<void> => {
    if (readings.length === 0) return
    for (const reading of readings.slice(-200))
      if (reading.kind === 'line') lastLines.push(reading.text)
    for (const reading of readings) if (reading.kind === 'size') noteSize(reading, context)
    if (lastLines.length > 400) lastLines.splice(0, lastLines.length - 200)
    await context.emit(readings.map(reading => asEvent(step, reading, source)))
  }
  return {
    input: step.from === undefined ? null : join(context.project.directory, step.from),
    stdout: async (chunk: Uint8Array) => {
      if (file !== null) return file.write(chunk)
      if (step.to.kind === 'proof') keepPrinted(context, chunk)
      return show(reader.read(chunk, 'stdout'), 'stdout')
    },
    stderr: (chunk: Uint8Array) => show(reader.read(chunk, told), 'stderr'),
    passed: async (chunk: Uint8Array) => {
      await gauge?.add(chunk)
      await show(reader.passed?.(chunk.byteLength) ?? [], 'stdout')
    },
    missing: (bytes: number) => cutShort(bytes, reader.announced?.() ?? null),
    end: async () => {
      await show(reader.end(), 'stdout')
      if (gauge !== null) context.values.set('image.compressed', String(await gauge.end()))
    },
  }
}

const noteSize = (
  { bytes, after }: Extract<Reading, { kind: 'size' }>,
  { fallen, values }: RunContext,
): void => {
  if (fallen.length === 0) values.set('rootfs.first', String(bytes))
  values.set('rootfs.last', String(bytes))
  fallen.push({ bytes, after })
}

const cutShort = (bytes: number, announced: number | null): string | null =>
  announced === null || announced === bytes
    ? null
    : `Only ${size(bytes)} of ${size(announced)} came; an image of that would lack files, so none was made.`

const asEvent = (step: Step, reading: Reading, source: Source): Event => {
  if (reading.kind === 'line') return { type: 'output', step: step.id, source, line: reading.text }
  if (reading.kind === 'progress') return { type: 'progress', step: step.id, ...reading.progress }
  return { type: 'size', step: step.id, bytes: reading.bytes, after: reading.after }
}

const keepPrinted = ({ printed }: RunContext, chunk: Uint8Array): void => {
  const kept = printed.reduce((sum, { byteLength }) => sum + byteLength, 0)
  if (kept < PROOF_BYTES) printed.push(chunk.subarray(0, PROOF_BYTES - kept))
}

/** What the pipeline's craft gives. Throws the error that it failed with: it says more than how the others ended. */
const craftResult = (stages: readonly Running[]): CraftResult | null => {
  const end = stages.at(-1)?.craft?.() ?? null
  if (end === null) return null
  if ('error' in end) throw end.error
  return end.result
}

const stillRunning = (step: Step, context: RunContext, lastLines: readonly string[]): Execution => {
  context.proofNote = `it was still running after ${step.patience} s and was stopped`
  return { failed: null, lastLines, result: context.proofNote }
}

/** A proof that prints another release than was asked for proves the wrong thing. */
const misprint = (
  { mustPrint = [] }: Step,
  { printed }: RunContext,
): { exitCode: null; message: string } | null => {
  const lines = Buffer.concat(printed).toString('utf8').split(/\r?\n/)
  const lacking = mustPrint.filter(line => !lines.includes(line))
  return lacking.length === 0
    ? null
    : { exitCode: null, message: `It should have printed ${lacking.join(' and ')}, and did not.` }
}

const judge = (
  end: PipelineEnd,
  file: WholeFile | null,
): { exitCode: number | null; message: string } | null => {
  if (end.exitCode !== 0) {
    const how =
      end.exitCode === null ? 'did not end by itself' : `ended with exit code ${end.exitCode}`
    return {
      exitCode: end.exitCode,
      message: `${end.name} ${how}${end.note === null ? '' : `: ${end.note}`}.`,
    }
  }
  if (file !== null && file.bytes() === 0)
    return { exitCode: 0, message: `${end.name} ended well but gave no bytes.` }
  return null
}
