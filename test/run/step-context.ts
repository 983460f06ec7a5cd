import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openRecorder, planHere } from '../recorder/recorder.ts'
import type { Stage, Step } from '../../src/plan/types.ts'
import type { RunContext } from '../../src/run/context.ts'
import type { Event } from '../../src/run/events.ts'
import { openJournal } from '../../src/run/project/journal.ts'
import { facts } from '../plan/minimal/inputs.ts'

/** A text for sh as a stage. */
export const sh = (script: string): Stage => ({
  kind: 'command',
  program: 'sh',
  args: ['-c', script],
})

/** A step that runs a text. */
export const step = (script: string, change: StepChange = {}): Step =>
  ({
    id: 's',
    title: 'do it',
    why: '',
    pipeline: [sh(script)],
    to: { kind: 'log' },
    reader: 'lines',
    ...change,
  }) as Step

/** Any name does for a step of no plan. */
type StepChange = Partial<Omit<Step, 'id' | 'servesOnly'>> & {
  readonly id?: string
  readonly servesOnly?: readonly string[]
}

/** A run of no plan of its own in an empty folder, with what it tells and the work that it waits for at its end. */
export const contextOf = (signal = new AbortController().signal) => {
  const directory = mkdtempSync(join(tmpdir(), 'execute-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const events: Event[] = []
  const work: Promise<unknown>[] = []
  const state = { version: 1, finished: false, answers: {}, written: {}, steps: {} } as const
  const context: RunContext = {
    plan: { ...planHere(openRecorder(), []), directory },
    facts: facts(),
    runId: 'r',
    project: { directory, kind: 'new', state, made: true, wasEmpty: false },
    journal: openJournal(directory, {}),
    values: new Map(),
    signal,
    env: process.env,
    assets: '',
    remedy: () => null,
    keptContainers: new Map(),
    sizeHistory: [],
    emit: async shown => void events.push(...shown),
    later: one => work.push(one),
    printed: [],
    proofNote: null,
    replaced: null,
    redact: data => data,
    unproven: null,
    serves: false,
    hints: [],
    warned: [],
    madeWith: [],
    nameBefore: undefined,
    hintsFor: () => [],
    sizes: null,
  }
  return { context, events, directory, settled: () => Promise.all(work) }
}
