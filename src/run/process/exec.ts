import { execa, type ResultPromise } from 'execa'

/** A child that is running, its streams not yet read. */
export type Child = ResultPromise<{ buffer: false; reject: false }>

export interface ChildOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly stdin: 'ignore' | 'pipe'
}

/**
 * Starts a program. It gets a process group of its own, so that a terminal's Ctrl-C reaches us and we decide
 * how it ends. Windows would open a console window for that, and has no groups.
 */
export const startChild = (
  program: string,
  args: readonly string[],
  options: ChildOptions,
): Child =>
  execa(program, args, {
    cwd: options.cwd,
    env: options.env,
    extendEnv: false,
    stdin: options.stdin,
    buffer: false,
    reject: false,
    detached: process.platform !== 'win32',
    windowsHide: true,
  }) as Child

/** Ends a child and all that it started: asks first, and after `grace` milliseconds does not ask. */
export const endChild = async (child: Child, grace = 1000): Promise<void> => {
  if (!signalGroup(child, 'SIGTERM')) return
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), grace)
  await child
  clearTimeout(timer)
}

/** What a short command printed; exitCode is null when it could not be started or was killed. */
export interface Captured {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a short command to its end, or for `seconds` at most. Never throws. */
export const capture = async (
  program: string,
  args: readonly string[],
  {
    cwd,
    env,
    seconds,
  }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly seconds: number },
): Promise<Captured> => {
  const result = await execa(program, args, {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: seconds * 1000,
    forceKillAfterDelay: 500,
    maxBuffer: 1_000_000,
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const stderr =
    result.stderr === '' && result.exitCode === undefined
      ? (result.shortMessage ?? '')
      : result.stderr
  return { exitCode: result.exitCode ?? null, stdout: result.stdout, stderr }
}

const signalGroup = (child: Child, signal: NodeJS.Signals): boolean => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false
  try {
    return process.platform === 'win32' ? child.kill(signal) : process.kill(-child.pid, signal)
  } catch {
    return child.kill(signal)
  }
}
