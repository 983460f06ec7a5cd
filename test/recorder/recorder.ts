import './play-clients.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { assetsFolder } from '../../src/assets.ts'
import type { Facts } from '../../src/engine/facts.ts'
import { findRemedy } from '../../src/engine/remedies.ts'
import { planFor } from '../../src/plan/plan.ts'
import type { Plan } from '../../src/plan/types.ts'
import type { Event, Intent } from '../../src/run/events.ts'
import { runPlan, type RunEnd } from '../../src/run/run.ts'
import { facts as someFacts } from '../plan/minimal/inputs.ts'
import { Engine } from './client.ts'
import { ENGINES, RECORDER } from './play-clients.ts'

/** A call of the client, taken apart. */
export interface Asked {
  readonly program: string
  readonly argv: readonly string[]
  readonly command: string
  readonly options: Readonly<Record<string, readonly string[] | true>>
  readonly words: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** The bound on a short answer, or null. */
  readonly seconds: number | null
}

/** What a program in a container says when its image and command line hold `of`, at its first start or a later one. */
export interface Play {
  readonly of: string
  readonly start?: number
  readonly stdout?: string
  readonly encoding?: 'base64'
  readonly stderr?: string
  readonly exitCode?: number
  /** The exit code of the client, where it is another one than the program's. */
  readonly clientCode?: number
  readonly oom?: boolean
  /** It stays until its container is removed. */
  readonly hangs?: boolean
}

/** A call that goes wrong: one that begins with `to`, the first `times` times. */
export interface Fault {
  readonly to: string
  readonly times?: number
  readonly stdout?: string
  readonly stderr?: string
  readonly exitCode?: number
  readonly hangs?: boolean
}

export interface Script {
  readonly plays?: readonly Play[]
  readonly faults?: readonly Fault[]
  /** What can be pulled, by name. */
  readonly registry?: Readonly<Record<string, object>>
  /** What a build and an import make other than usual: `{ arch: 'arm64' }`. */
  readonly built?: object
  readonly imported?: object
  /** The tar that an export of a container gives. */
  readonly exported?: Buffer
}

export interface KeptContainer {
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly status: string
  readonly exitCode: number
  readonly oom: boolean
  /** The ID of its image; empty where that does not matter. */
  readonly image: string
  /** The image and the command. */
  readonly line: string
  readonly starts: number
  readonly copied: [string, string][]
  /** Aborted when it is removed. */
  readonly gone: AbortController
}

export interface KeptImage {
  readonly id: string
  readonly name: string
  readonly os: string
  readonly arch: string
  readonly size: number
  readonly labels: Readonly<Record<string, string>>
  readonly cmd: readonly string[] | null
  /** How its layers were made, the last one first. */
  readonly history?: readonly string[]
}

/** An engine in this process, with the client in front of it. */
export interface Recorder {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  readonly engine: Engine
  readonly asked: (command?: string) => readonly Asked[]
  /** What containers and imports read on stdin, in order. */
  readonly read: () => readonly { readonly line: string; readonly text: string }[]
  readonly containers: () => readonly KeptContainer[]
  readonly images: () => readonly string[]
  /** Puts a container there that the run with this id left. */
  readonly left: (id: string, run: string, status?: string, image?: string) => void
}

/** Returns an engine without containers and with `ubuntu:20.04`, and an empty folder; both are gone after the test. */
export const openRecorder = (script: Script = {}): Recorder => {
  const folder = mkdtempSync(join(tmpdir(), 'recorder-'))
  const engine = new Engine(script)
  ENGINES.set(folder, engine)
  onTestFinished(() => {
    ENGINES.delete(folder)
    rmSync(folder, { recursive: true, force: true })
    expect(engine.refused).toEqual([])
  })
  engine.image('ubuntu:20.04')
  return {
    folder,
    engine,
    env: { HOME: folder, PATH: process.env['PATH'], [RECORDER]: folder },
    asked: command => engine.asked.filter(one => command === undefined || one.command === command),
    read: () => engine.read.map(({ line, bytes }) => ({ line, text: bytes.toString('latin1') })),
    containers: () => [...engine.containers.values()],
    images: () => [...engine.images.keys()],
    left: (id, run, status = 'exited', image = '') =>
      void engine.containers.set(id, {
        id,
        name: id,
        labels: { 'create-base-image': run },
        status,
        exitCode: 0,
        oom: false,
        image,
        line: '',
        starts: 1,
        copied: [],
        gone: new AbortController(),
      }),
  }
}

export interface Ran {
  readonly end: RunEnd
  readonly events: readonly Event[]
}

export interface HowToRun {
  readonly facts?: Partial<Facts>
  readonly force?: boolean
  readonly signal?: AbortSignal
  readonly decide?: () => Promise<Intent>
  /** Sees each event as the view does. */
  readonly seen?: (event: Event) => void
  readonly change?: (plan: Plan) => Plan
  readonly env?: NodeJS.ProcessEnv
}

/** The plan of a command line in the recorder's folder. */
export const planHere = (
  { folder }: Recorder,
  argv: readonly string[],
  facts: Partial<Facts> = {},
): Plan => planFor(givenBy(parseFlags(argv), folder), someFacts(facts))

/** Runs the plan of a command line in this process, with the recorder as its engine. */
export const runHere = async (
  recorder: Recorder,
  argv: readonly string[],
  how: HowToRun = {},
): Promise<Ran> => {
  const events: Event[] = []
  const plan = planHere(recorder, argv, how.facts)
  const end = await runPlan(how.change?.(plan) ?? plan, someFacts(how.facts), {
    view: {
      show: shown => {
        events.push(...shown)
        for (const event of shown) how.seen?.(event)
      },
      decide: how.decide ?? (() => Promise.resolve('stop')),
      close: () => undefined,
    },
    signal: how.signal ?? new AbortController().signal,
    env: how.env ?? recorder.env,
    assets: assetsFolder(),
    force: how.force ?? false,
    hintsFor: () => [],
    remedy: text => findRemedy(text, { platform: 'linux', client: 'docker', host: false }),
  })
  return { end, events }
}

/** The events of one type. */
export const eventsOf = <T extends Event['type']>(
  { events }: Pick<Ran, 'events'>,
  type: T,
): Extract<Event, { type: T }>[] =>
  events.filter((event): event is Extract<Event, { type: T }> => event.type === type)

/** The steps that a run did and those that it skipped, in order. */
export const stepsOf = (ran: Ran): { done: string[]; skipped: string[]; failed: string[] } => ({
  done: eventsOf(ran, 'step-done').map(({ step }) => step),
  skipped: eventsOf(ran, 'step-skipped').map(({ step }) => step),
  failed: eventsOf(ran, 'step-failed').map(({ step }) => step),
})
