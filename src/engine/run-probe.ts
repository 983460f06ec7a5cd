import { execa } from 'execa'
import { isOnWindowsPath } from './on-path.ts'

/** A read-only command of a probe. */
export interface ProbeCommand {
  readonly program: string
  readonly args: readonly string[]
  /** The whole environment of the command. */
  readonly env: NodeJS.ProcessEnv
  /** What the command reads on stdin; without it stdin is empty. */
  readonly input?: string
  readonly cwd?: string
}

/** What a probe's command answered. */
export interface ProbeResult {
  /** The exit code, or null when there is none: not found, killed by a signal, or no answer in time. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** True when the program is not on this machine. */
  readonly missing: boolean
  /** True when it had not answered when its time was over. */
  readonly timedOut: boolean
}

/** Runs one read-only command; ends it when `signal` fires. */
export type RunProbe = (command: ProbeCommand, signal: AbortSignal) => Promise<ProbeResult>

/** A `RunProbe` that watches the clock itself. */
export type TimedProbe = (command: ProbeCommand) => Promise<ProbeResult>

/** Runs a probe's command on this machine; at most a megabyte of its output is kept. Does not reject. */
export const runProbe: RunProbe = async ({ program, args, env, input, cwd }, signal) => {
  if (process.platform === 'win32' && !isOnWindowsPath(program, env)) return MISSING
  const child = execa(program, args, {
    env,
    extendEnv: false,
    reject: false,
    windowsHide: true,
    maxBuffer: 1_000_000,
    cancelSignal: signal,
    forceKillAfterDelay: PATIENCE,
    // A group of its own, so that what the program started can be ended with it.
    detached: GROUPS,
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  })
  const end = (): void => {
    endGroup(child.pid)
    closeOutputs(child)
  }
  signal.addEventListener('abort', end)
  const { exitCode, stdout, stderr, code, isCanceled } = await child
  // Once it has ended, its number may be another program's.
  signal.removeEventListener('abort', end)
  return {
    exitCode: exitCode ?? null,
    stdout: textOf(stdout),
    stderr: textOf(stderr),
    missing: code === 'ENOENT',
    timedOut: isCanceled,
  }
}

/** Windows has no groups of processes that one signal reaches. */
const GROUPS = process.platform !== 'win32'

/** How long a program may take to end when it is told to, in milliseconds. */
const PATIENCE = 500

const endGroup = (leader: number | undefined): void => {
  if (!GROUPS || leader === undefined) return
  signalGroup(leader, 'SIGTERM')
  const kill = (): void => signalGroup(leader, 'SIGKILL')
  setTimeout(kill, PATIENCE).unref()
}

const signalGroup = (leader: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-leader, signal)
  } catch {
    // The whole group has ended.
  }
}

// A process that the child started may hold these pipes open and would keep us waiting.
const closeOutputs = (child: Outputs): void => {
  child.stdout?.destroy()
  child.stderr?.destroy()
}

interface Outputs {
  readonly stdout: { readonly destroy: () => void } | null
  readonly stderr: { readonly destroy: () => void } | null
}

const textOf = (output: unknown): string => (typeof output === 'string' ? output : '')

/**
 * Returns every command of `run` at most `limit` milliseconds, even when `run` itself never ends. Does not reject:
 * a command that fails to start counts as missing, one that is stopped by `outer` as one without an answer.
 */
export const withLimit =
  (run: RunProbe, limit: number, outer?: AbortSignal): TimedProbe =>
  async command => {
    if (outer?.aborted) return NO_ANSWER
    const controller = new AbortController()
    const stop = () => controller.abort()
    const timer = setTimeout(stop, limit)
    outer?.addEventListener('abort', stop)
    try {
      return await Promise.race([run(command, controller.signal), answerOf(controller.signal)])
    } catch {
      return MISSING
    } finally {
      clearTimeout(timer)
      outer?.removeEventListener('abort', stop)
    }
  }

const answerOf = (signal: AbortSignal): Promise<ProbeResult> =>
  new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(NO_ANSWER))
  })

const NO_ANSWER: ProbeResult = {
  exitCode: null,
  stdout: '',
  stderr: '',
  missing: false,
  timedOut: true,
}
const MISSING: ProbeResult = {
  exitCode: null,
  stdout: '',
  stderr: '',
  missing: true,
  timedOut: false,
}
