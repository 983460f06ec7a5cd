import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import type { Event, Outcome, PlanEvent } from '../../src/run/events.ts'
import { docker } from './engine.ts'

/** An event of one type. */
export type EventOf<T extends Event['type']> = Extract<Event, { type: T }>

/** How the command line ended. */
export interface CliEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** The events of stdout, when it was called with --json. */
  readonly events: readonly Event[]
}

/** The command line, running in a process group of its own. */
export interface Cli {
  /** Waits for the first event that fits; fails when the process ends without one. */
  readonly event: (fits: (event: Event) => boolean) => Promise<Event>
  /** Waits until this step has started. */
  readonly started: (step: string) => Promise<Event>
  readonly kill: (signal: NodeJS.Signals) => void
  /** Signals the whole process group, as a terminal does for Ctrl-C. */
  readonly killGroup: (signal: NodeJS.Signals) => void
  readonly ended: Promise<CliEnd>
}

export interface CliOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

/** The entry file that ships. */
export const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))

/** Starts the real entry file with its stdin closed. With --json among the words its events are read. */
export const startCli = (words: readonly string[], { cwd, env }: CliOptions): Cli => {
  const child = spawn(process.execPath, [BIN, ...words], {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const heard = listen(child, words.includes('--json'))
  return {
    event: heard.event,
    started: step => heard.event(event => event.type === 'step-started' && event.step === step),
    kill: signal => void child.kill(signal),
    killGroup: signal => void process.kill(-child.pid!, signal),
    ended: heard.ended,
  }
}

/** Runs the real entry file to its end. */
export const runCli = (words: readonly string[], options: CliOptions): Promise<CliEnd> =>
  startCli(words, options).ended

/** Returns a temporary folder that is removed after the test. */
export const room = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'cbi-cli-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Returns all events of one type. */
export const eventsOf = <T extends Event['type']>(
  { events }: Pick<CliEnd, 'events'>,
  type: T,
): readonly EventOf<T>[] => events.filter((event): event is EventOf<T> => event.type === type)

/** Returns the outcome of a run that must have come to one; what it said otherwise is in the failure. */
export const outcomeOf = (end: CliEnd): Outcome => {
  expect(end, end.stdout.slice(-2000)).toMatchObject({ exitCode: 0, stderr: '' })
  return eventsOf(end, 'outcome')[0]!
}

/** The ids of the steps that ran. */
export const stepsDone = (end: CliEnd): readonly string[] =>
  eventsOf(end, 'step-done').map(({ step }) => step)

/** Returns the id of a run. */
export const runOf = ({ events }: Pick<CliEnd, 'events'>): string => (events[0] as PlanEvent).run

/** Removes the image that a run made, when a later build has taken its name; one with a name may be somebody's. */
export const removeUnnamed = async (end: CliEnd): Promise<void> => {
  const { id } = outcomeOf(end)
  const { stdout } = await docker(['image', 'inspect', '--format', '{{len .RepoTags}}', id])
  if (stdout === '0') await docker(['image', 'rm', id])
}

/** The containers that carry the label of this run, running or not. */
export const containersOf = async (run: string): Promise<readonly string[]> => {
  const filter = `label=create-base-image=${run}`
  const { stdout } = await docker(['ps', '--all', '--quiet', '--filter', filter])
  return stdout.split('\n').filter(Boolean)
}

/** Names for the images of one test file, and a builder that no other test has; `remove` removes them all. */
export interface Names {
  readonly prefix: string
  readonly tag: (name: string) => string
  /** Makes a copy of ubuntu:20.04 with an id of its own, so that no compiler has been put in it yet. */
  readonly builder: (name: string) => Promise<string>
  readonly remove: () => Promise<void>
}

/** Returns names that no other run of the tests has. */
export const newNames = (): Names => {
  const prefix = `cbi-test-${randomBytes(4).toString('hex')}`
  return {
    prefix,
    tag: name => `${prefix}/${name}`,
    builder: async name => {
      const reference = `${prefix}/builder:${name}`
      const recipe = `FROM ubuntu:20.04\nLABEL cbi-test=${prefix} cbi-test-name=${name}\n`
      const env = { ...process.env, DOCKER_BUILDKIT: '0' }
      const built = await docker(['build', '--quiet', '--tag', reference, '-'], env, recipe)
      expect(built.exitCode, built.stderr).toBe(0)
      return reference
    },
    remove: () => removeImages(prefix),
  }
}

const listen = (child: ChildProcess, json: boolean) => {
  const events: Event[] = []
  const text = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  const tell = (): void => waiting.forEach(look => look())
  createInterface({ input: child.stdout! }).on('line', line => {
    text.stdout += `${line}\n`
    if (json) events.push(JSON.parse(line) as Event)
    tell()
  })
  child.stderr!.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
  let over = false
  // What holds the streams open must not hold us up: a client that outlives a killed run has them no more.
  const ended = once(child, 'close').then(([exitCode, signal]): CliEnd => {
    over = true
    tell()
    return { exitCode, signal, ...text, events }
  })
  const event = (fits: (event: Event) => boolean): Promise<Event> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = events.find(fits)
        if (found === undefined && !over) return
        waiting.delete(look)
        if (found !== undefined) resolve(found)
        else reject(new Error(`It ended without that event.\n${text.stdout}${text.stderr}`))
      }
      waiting.add(look)
      look()
    })
  return { event, ended }
}

/** Images by name first, then what a rebuilt name left without one; a prepared builder inherits the label. */
const removeImages = async (prefix: string): Promise<void> => {
  const listed = await Promise.all([
    docker(['images', '--format', NAMED, '--filter', `reference=${prefix}/*`]),
    docker(['images', '--format', NAMED, '--filter', `label=cbi-test=${prefix}`]),
  ])
  const names = listed.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean))
  if (names.length > 0) await docker(['image', 'rm', '--force', ...new Set(names)])
}

const NAMED = '{{if eq .Tag "<none>"}}{{.ID}}{{else}}{{.Repository}}:{{.Tag}}{{end}}'
