import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { startEngine, type OwnEngine } from '../engine/engine.ts'
import { fillDisk } from './fill-disk.ts'

/** An engine that a cell has for itself; it is empty, and gone after the test. */
export type Engine = OwnEngine

const ENGINE = fileURLToPath(new URL('../../scripts/engine.sh', import.meta.url))
/** Room for an engine without images, and not for much more. */
const WORDS = ['--small', '64', '--no-images']

/** Starts an engine for one cell. */
export const ownEngine = (): Engine => startEngine(...WORDS)

/** Kills the engine's two programs, as a machine that fails would; what it returns starts them again. */
export const engineDied = ({ folder }: Engine): (() => Promise<void>) => {
  for (const program of ['dockerd', 'containerd'])
    process.kill(Number(readFileSync(join(folder, `${program}.pid`), 'utf8')), 'SIGKILL')
  return async () => void (await execa(ENGINE, ['start', ...WORDS, folder]))
}

/** The same, and it is back when this returns, while the run still works. */
export const engineRestarted = async (engine: Engine): Promise<() => Promise<void>> => {
  await engineDied(engine)()
  return () => Promise.resolve()
}

/** Fills the disk of the engine's data; what it returns gives the room back. */
export const engineFull = ({ folder }: Engine): (() => Promise<void>) =>
  fillDisk(join(folder, 'data', 'filler'), 64)
