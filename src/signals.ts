/** Signals that stop a run, and the exit codes of a second one, which does not wait. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * A signal of abort whose reason is the name of the first signal that came. A second Ctrl-C leaves at once;
 * what is then left is swept by the next run and by `clean`. Call `release` when the run is over.
 */
export const stopSignals = (
  leave: (code: number) => void,
): { signal: AbortSignal; release: () => void } => {
  const controller = new AbortController()
  const names = Object.keys(CODES) as (keyof typeof CODES)[]
  const listeners = names.map(name => {
    const listener = (): void =>
      controller.signal.aborted ? leave(CODES[name]) : controller.abort(name)
    process.on(name, listener)
    return () => process.off(name, listener)
  })
  return { signal: controller.signal, release: () => listeners.forEach(off => off()) }
}
