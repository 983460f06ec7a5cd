import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { MachineError } from '../../errors.ts'

export interface SudoOptions {
  /** A person is at the terminal that is our stdin, and nothing else draws on it now. */
  readonly interactive: boolean
  readonly env: NodeJS.ProcessEnv
}

/**
 * Makes sure that `sudo -n` works, before anything draws on the terminal: asks for a password when it needs one and
 * somebody is there. Returns `refused` when the person gave none that sudo took; sudo itself has said why. Throws a
 * MachineError when sudo is missing, allows this user nothing, or has nobody to ask. What is asked is a shell, which is
 * what we start: `sudo -v` wants a password also where `NOPASSWD` is said for some of a user's rules only.
 */
export const ensureSudo = async ({
  interactive,
  env,
}: SudoOptions): Promise<'ready' | 'refused'> => {
  const before = await quietly(SHELL, env)
  if (before === null) return 'ready'
  if (!interactive || !wantsPassword(before)) throw sudoError(before)
  if (!(await askPassword(env))) return 'refused'
  const after = await quietly(SHELL, env)
  if (after !== null) throw sudoError(after, true)
  return 'ready'
}

/**
 * Renews what sudo remembers, now and every 50 s, until the signal is aborted. Keeps no process alive; never throws.
 * `wait` lets that many milliseconds pass.
 */
export const keepSudo = (
  signal: AbortSignal,
  env: NodeJS.ProcessEnv,
  wait = (milliseconds: number): Promise<void> =>
    delay(milliseconds, undefined, { signal, ref: false }),
): void => {
  const renew = async (): Promise<void> => {
    while (!signal.aborted) {
      await quietly(['-v'], env)
      await wait(RENEWAL)
    }
  }
  renew().catch(() => undefined)
}

/** What to tell when sudo does not do it, by what `sudo -n` said; `asked` when a password was given just before. */
export const sudoError = (said: string, asked = false): MachineError => {
  if (said === MISSING)
    return new MachineError('There is no sudo on this machine, and you are not root.', [
      `Run it as root, install sudo, or ${WITHOUT}.`,
    ])
  if (wantsPassword(said))
    return asked
      ? new MachineError('sudo forgets the password at once (timestamp_timeout).', [REMEDY])
      : new MachineError('sudo needs a password, and there is nobody to ask.', [REMEDY])
  return new MachineError(`sudo does not let you run this as root: ${lastLine(said)}`, [REMEDY])
}

const SHELL = ['--', 'sh', '-c', ':']

/** In milliseconds: less than the shortest time that sudo is commonly set to remember, a minute. */
const RENEWAL = 50_000

const MISSING = 'ENOENT'

const WITHOUT = 'leave --bootstrap host out'

const REMEDY = `Run it as root, or give this user passwordless sudo, or ${WITHOUT}.`

/** In the words of sudo, and of sudo-rs, which Ubuntu has since 25.10 (its src/common/error.rs). */
const wantsPassword = (said: string): boolean =>
  /password is required|interactive authentication is required|interaction is required/i.test(said)

const lastLine = (said: string): string =>
  (said.trim().split('\n').at(-1) ?? '').replace(/^sudo: /, '') || 'it did not say why.'

/** Null when it went well, else what sudo said. In our own session: sudo remembers a password for that. */
const quietly = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | null> => {
  const { exitCode, stderr, code } = await execa('sudo', ['-n', ...args], {
    env: { ...env, LC_ALL: 'C', LANGUAGE: 'C' },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 10_000,
  })
  if (code === 'ENOENT') return MISSING
  return exitCode === 0 ? null : stderr
}

const askPassword = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
  const { exitCode } = await execa('sudo', ['-v'], {
    env,
    extendEnv: false,
    stdio: 'inherit',
    reject: false,
  })
  return exitCode === 0
}
