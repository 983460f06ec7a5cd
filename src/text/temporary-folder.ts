import { mkdtempSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Works in a folder of its own below the temporary folder, which is removed when the work ends, also when a signal or
 * `process.exit` ends the process meanwhile. Returns what the work does. Rejects as the making of the folder does.
 */
export const inTemporaryFolder = async <T>(
  prefix: string,
  work: (folder: string) => Promise<T>,
): Promise<T> => {
  // At once, so that no signal comes between the folder and its watch.
  const folder = mkdtempSync(join(tmpdir(), prefix))
  const forget = removeAtEnd(folder)
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
    forget()
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Returns a function that stops watching. */
const removeAtEnd = (folder: string): (() => void) => {
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  const die = (signal: NodeJS.Signals): void => {
    forget()
    remove()
    // Whoever else listens ends the process in its own way; without one the signal would have.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const forget = (): void => {
    process.off('exit', remove)
    for (const signal of SIGNALS) process.off(signal, die)
  }
  process.on('exit', remove)
  for (const signal of SIGNALS) process.on(signal, die)
  return forget
}
