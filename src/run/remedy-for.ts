import { isOfMachine } from '../bootstrap/errors.ts'
import type { Remedy } from '../engine/facts.ts'
import type { Stage, Step } from '../plan/types.ts'
import type { RunContext } from './context.ts'

/** Why a step failed, before it becomes an event. */
export interface Failure {
  readonly exitCode: number | null
  readonly message: string
  readonly lastLines: readonly string[]
  readonly todo?: readonly string[]
  readonly code?: string
  /** The signal that ended a program of this machine. */
  readonly signal?: string
}

/** What a craft says about itself counts first, then what the engine's words mean, then what the step advises. */
export const remedyFor = (step: Step, context: RunContext, failure: Failure): Remedy | null => {
  const own = {
    code: failure.code ?? 'step-failed',
    what: failure.message,
    lacks: failure.code === 'no-space' || isOfMachine(failure.code ?? ''),
  }
  if (failure.todo !== undefined)
    return {
      ...own,
      todo: failure.todo.length > 0 ? failure.todo : (step.todoFor?.[own.code] ?? []),
    }
  if (failure.signal !== undefined) return { ...own, ...endedFromOutside(failure.signal) }
  const pushes = step.voice === 'registry'
  const known = context.remedy([...failure.lastLines, failure.message].join('\n'), {
    alone: hasNoEngine(step, context),
    builderStep: step.voice !== undefined && !pushes,
    archive: step.pipeline.some(takesArchive),
    ...((hasRun(failure) || pushes) && step.voice !== undefined ? { voice: step.voice } : {}),
  })
  if (known !== null) return { ...known, todo: step.todoFor?.[known.code] ?? known.todo }
  // An engine that did not even start the compiler says nothing of the source that the step's advice is about.
  const isOfEngine = step.voice === 'compiler' && (failure.exitCode ?? 0) >= 125
  return step.todo === undefined || isOfEngine ? null : { ...own, todo: step.todo }
}

/**
 * Returns whether neither a craft nor a row of advice knows a failure. What a compiler says of a source, and what a
 * program does in its image, is the person's own.
 */
export const isUnknown = (step: Step, failure: Failure, remedy: Remedy | null): boolean => {
  if (remedy === null) return true
  if (failure.todo !== undefined || failure.signal !== undefined) return false
  return remedy.code === 'step-failed' && step.voice !== 'compiler' && step.to.kind !== 'proof'
}

/** A program that was ended by a signal did not say why; its words before are about something else. */
const endedFromOutside = (signal: string): Pick<Remedy, 'code' | 'lacks' | 'todo'> => ({
  code: 'ended-by-signal',
  lacks: signal === 'SIGKILL',
  todo: [
    `Something on this machine ended it with ${signal}${signal === 'SIGKILL' ? ', as Linux does when memory runs out' : ''}.`,
    'Run the same command again: it continues from here.',
  ],
})

/** The codes from 125 on are an engine's own, and without one nothing has run. */
const hasRun = ({ exitCode }: Failure): boolean => exitCode !== null && exitCode < 125

const takesArchive = (stage: Stage): boolean =>
  stage.kind === 'command' && stage.args.some(word => word === 'import' || word === 'load')

const hasNoEngine = ({ pipeline }: Step, { facts }: RunContext): boolean =>
  pipeline.every(
    stage =>
      stage.kind === 'craft' ||
      stage.kind === 'root' ||
      (stage.kind === 'command' && stage.program !== facts.engine?.client),
  )
