import type { Facts } from '../../src/engine/facts.ts'
import { probeFacts } from '../../src/engine/probe.ts'
import type { ProbeCommand, ProbeResult, RunProbe } from '../../src/engine/run-probe.ts'
import { readTranscript } from '../fixtures/transcript.ts'

/** The part of the recorded detection (`detect.txt`) under the heading `## title`, as lines. */
const recorded = (title: string): readonly string[] => {
  const text = new TextDecoder().decode(readTranscript('detect').chunks[0]?.bytes)
  const part = text.split(/^## /m).find(section => section.startsWith(`${title}\n`))
  if (part === undefined) throw new Error(`detect.txt has no part ${title}`)
  return part.split('\n').slice(1)
}

/** An answer with this output and exit code. */
export const says = (stdout: string, exitCode = 0, stderr = ''): ProbeResult => ({
  exitCode,
  stdout,
  stderr,
  missing: false,
  timedOut: false,
})

/** The answer for a program that is not there. */
export const MISSING: ProbeResult = {
  exitCode: null,
  stdout: '',
  stderr: '',
  missing: true,
  timedOut: false,
}

/** Answers by the command as typed, cut at the options; a command that is not listed is missing. */
export type Script = Readonly<Record<string, ProbeResult>>

/** A machine that answers as the script says, and keeps what it was asked. */
export const machine = (script: Script): { readonly run: RunProbe; readonly asked: string[] } => {
  const asked: string[] = []
  const run: RunProbe = command => {
    asked.push(typed(command))
    return Promise.resolve(script[typed(command)] ?? MISSING)
  }
  return { run, asked }
}

const typed = ({ program, args }: ProbeCommand): string =>
  [program, ...args.slice(0, Math.max(0, firstOption(args)))].join(' ')

const firstOption = (args: readonly string[]): number => {
  const index = args.findIndex(word => word.startsWith('-'))
  return index === -1 ? args.length : index
}

/** What `docker version` of a 20.10 client printed. */
export const OLD_VERSION = recorded('/usr/bin/docker')[0] ?? ''
/** What `docker version` of a 28.2 client printed. */
export const NEW_VERSION = recorded('/usr/local/bin/docker')[0] ?? ''
const INFO_20 = recorded('info engine 20.10')[0] ?? ''
/** What `docker info` printed for an engine with the containerd store. */
export const INFO_28_CONTAINERD = recorded('info 28 containerd store')[0] ?? ''
/** What two versions of buildx printed. */
export const BUILDX_LINES = recorded('buildx').filter(line => line.startsWith('github.com/'))
/** The answer of a client without buildx. */
export const NO_BUILDX = says('', 1, 'docker: unknown command: docker buildx')

/** A 28.2 client without buildx, and a local engine. */
export const LOCAL: Script = {
  'docker version': says(NEW_VERSION),
  'docker info': says(INFO_20),
  'docker buildx version': NO_BUILDX,
  'docker context inspect': says('"unix:///var/run/docker.sock"'),
}

interface Situation {
  readonly engine?: 'auto' | 'docker' | 'podman' | 'none'
  readonly platform?: NodeJS.Platform
  readonly env?: NodeJS.ProcessEnv
}

/** The facts of a machine that answers as the script says; a Mac unless another platform is asked for. */
export const probe = (script: Script, situation: Situation = {}): Promise<Facts> => {
  const { engine = 'auto', platform = 'darwin', env = {} } = situation
  return probeFacts({ engine, env, platform, run: machine(script).run })
}

/** What `docker version` printed, with other values for the server. */
export const serverOf = (version: string, changes: object): string => {
  const parsed = JSON.parse(version) as { readonly Server: object }
  return JSON.stringify({ ...parsed, Server: { ...parsed.Server, ...changes } })
}
