import { performance } from 'node:perf_hooks'
import type { Facts } from '../../engine/facts.ts'
import { EXIT, isPlainError, stopCode } from '../../errors.ts'
import type { Plan } from '../../plan/types.ts'
import type { BuildView, ImageEnd } from '../../run/build-events.ts'
import type { Event, Outcome, StepFailed } from '../../run/events.ts'
import { readState } from '../../run/project/state-file.ts'
import type { Io } from '../../terminal/io.ts'
import { runShown } from '../perform.ts'

/** An image to make, or why it can't be planned here. */
export interface Task {
  readonly name: string
  readonly folder: string
  readonly work: { readonly plan: Plan; readonly facts: Facts } | { readonly cannot: Error }
}

interface Running {
  readonly jobs: number
  readonly force: boolean
  readonly signal: AbortSignal
  readonly io: Io
}

/**
 * Makes all images, `jobs` of them at once, and shows them in the view; one that fails does not stop the others.
 * Returns the exit code: 0, 1 when one failed, or the one of the signal that stopped it.
 */
export const runAll = async (
  tasks: readonly Task[],
  view: BuildView,
  running: Running,
): Promise<number> => {
  const began = performance.now()
  const images = tasks.map(({ name, folder }) => ({ name, folder }))
  await view.start({ type: 'build', version: 1, jobs: running.jobs, images })
  const ends: ImageEnd[] = []
  const waiting = tasks.map((task, index) => ({ task, index }))
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const end = await makeOne(next.task, next.index, view, running)
      ends[next.index] = end
      await view.ended(next.index, end)
    }
  }
  await Promise.all(Array.from({ length: Math.min(running.jobs, tasks.length) }, worker))
  const exitCode = exitCodeOf(ends, running.signal)
  await view.finish({ type: 'build-done', exitCode, seconds: since(began), images: ends })
  return exitCode
}

const exitCodeOf = (ends: readonly ImageEnd[], { aborted, reason }: AbortSignal): number => {
  if (aborted) return stopCode(String(reason))
  return ends.every(({ state }) => state === 'made') ? EXIT.done : EXIT.failed
}

const makeOne = async (
  { name, work }: Task,
  index: number,
  view: BuildView,
  { force, signal, io }: Running,
): Promise<ImageEnd> => {
  const began = performance.now()
  const ended = (end: Omit<ImageEnd, 'name' | 'seconds'>): ImageEnd => ({
    name,
    seconds: since(began),
    ...end,
  })
  if (signal.aborted) return ended({ state: 'stopped' })
  if ('cannot' in work) return ended(failedBy(work.cannot))
  const { plan, facts } = work
  const heard: { outcome?: Outcome; failure?: StepFailed } = {}
  const show = (events: readonly Event[]): void | Promise<void> => {
    for (const event of events) {
      if (event.type === 'outcome') heard.outcome = event
      if (event.type === 'step-failed') heard.failure = event
    }
    return view.show(index, events)
  }
  const own = { show, decide: async () => 'stop' as const, close: () => undefined }
  try {
    const rebuild = force || madeOtherwise(plan)
    await runShown(plan, facts, own, { force: rebuild, signal, io })
  } catch (error) {
    if (!isPlainError(error)) throw error
    return ended(failedBy(error))
  }
  if (heard.outcome !== undefined) return ended({ state: 'made', outcome: heard.outcome })
  if (signal.aborted) return ended({ state: 'stopped' })
  return ended({ state: 'failed', message: messageOf(heard.failure) })
}

const failedBy = (error: Error): Pick<ImageEnd, 'state' | 'message' | 'todo'> => ({
  state: 'failed',
  message: error.message,
  ...(isPlainError(error) ? { todo: error.todo } : {}),
})

const messageOf = (failure: StepFailed | undefined): string =>
  failure === undefined ? 'It ended without a result.' : (failure.remedy?.what ?? failure.message)

/** The file decides what its images are made from, so a folder that was made from other answers is made again. */
const madeOtherwise = ({ directory, answers }: Plan): boolean => {
  const state = readState(directory)
  const was = state?.answers ?? answers
  return [...new Set([...Object.keys(was), ...Object.keys(answers)])].some(
    name => was[name] !== answers[name],
  )
}

const since = (began: number): number => Math.round(performance.now() - began) / 1000
