import { stopCode } from '../errors.ts'
import { stillThere } from '../run/clean-up/alive.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Stop {
  /** Aborted by the first signal; its reason is the signal's name. */
  readonly signal: AbortSignal
  /** Stops as that signal would: for keys that a terminal in raw mode does not turn into a signal. */
  readonly stop: (name: (typeof SIGNALS)[number]) => void
  /** Gives the signals back to the system. */
  readonly release: () => void
}

/**
 * Takes the signals that stop a run. The
 * second one quits at once, by `leave` with its exit code; what is left then is removed by the next run and by `clean`.
 */
export const stopSignals = (leave: (code: number) => void): Stop => {
  const controller = new AbortController()
  const stop: Stop['stop'] = name => {
    if (!controller.signal.aborted) controller.abort(name)
    // A window that closes may send several, although nobody asked twice.
    else if (name !== 'SIGHUP') leave(stopCode(name))
  }
  const listeners = SIGNALS.map(name => ({ name, listener: () => stop(name) }))
  for (const { name, listener } of listeners) process.on(name, listener)
  const release = (): void => {
    for (const { name, listener } of listeners) process.off(name, listener)
  }
  return { signal: controller.signal, stop, release }
}

/** Ends the process without waiting, for a person who has asked twice. What may still be there is named. */
export const leaveAtOnce = (code: number): void => {
  const there = stillThere().map(({ kind, name }) => `  the ${kind} ${name}\n`)
  const said =
    there.length === 0 ? '' : `Still there, or being made or removed just now:\n${there.join('')}`
  process.stderr.write(`Quit at once. ${said}To remove what is left: create-base-image clean\n`)
  process.exit(code)
}
