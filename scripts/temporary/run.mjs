import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from './folder.mjs'

const ENGINE = fileURLToPath(new URL('../engine.sh', import.meta.url))
/** What engine.sh puts into the folder of an engine. */
const MARK = '.create-base-image-engine'

/**
 * Runs a program with a temporary folder of its own, and returns its exit code. When this script is stopped, the program
 * is stopped first; engines that it left in the folder are stopped too, and the folder is removed in every case.
 */
export const runInFolder = async (prefix, [program, ...words], env = {}) => {
  let child = null
  const stop = async signal => {
    if (child === null || child.exitCode !== null) return
    // The terminal has told it already.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    stopEngines(folder)
  }
  const folder = temporaryFolder(prefix, stop)
  child = spawn(program, words, {
    stdio: 'inherit',
    env: { ...process.env, TMPDIR: folder, ...env },
  })
  const [code] = await once(child, 'close')
  stopEngines(folder)
  return code ?? 1
}

const stopEngines = folder => {
  for (const name of readdirSync(folder))
    if (existsSync(join(folder, name, MARK)))
      spawnSync(ENGINE, ['stop', join(folder, name)], { stdio: 'inherit' })
}
