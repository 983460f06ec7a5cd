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
 * how it ends. Windows would open a console window for that, and has no groups. Its output waits until it is read: each
 * of its streams is to be iterated, piped, or resumed, or it may never end.
 */
export const startChild = (
  program: string,
  args: readonly string[],
  options: ChildOptions,
): Child =>
  held(
    execa(program, args, {
      cwd: options.cwd,
      env: options.env,
      extendEnv: false,
      stdin: options.stdin,
      buffer: false,
      reject: false,
      detached: process.platform !== 'win32',
      windowsHide: true,
    }) as Child,
  )

/**
 * Returns a child of execa whose output waits until it is read. Execa lets flow away what nobody has begun to read by the
 * next turn of the event loop, and a reader that comes a moment later misses the beginning.
 */
export const held = (child: Child): Child => {
  child.stdout?.pause()
  child.stderr?.pause()
  return child
}

/** Lets a child's output that nobody reads flow away, without which it could not end. */
export const letFlow = (child: Child): void => {
  child.stdout?.resume()
  child.stderr?.resume()
}

/** Ends a child and everything that it started: asks first, and after `grace` milliseconds does not ask. */
export const endChild = async (child: Child, grace = 1000): Promise<void> => {
  letFlow(child)
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
