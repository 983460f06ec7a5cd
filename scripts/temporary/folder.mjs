// Temporary folders that do not outlive the script that made them, however it ends.
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Makes a folder that is removed when the script ends: by itself, by an error, or by a signal, which `onSignal` may take
 * first and which then ends the script.
 */
export const temporaryFolder = (prefix, onSignal = async () => undefined) => {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  for (const signal of SIGNALS)
    process.once(signal, () =>
      onSignal(signal).finally(() => process.exit(128 + constants.signals[signal])),
    )
  return folder
}
