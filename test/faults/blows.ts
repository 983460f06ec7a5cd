import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import type { CliEnd } from '../engine/run-cli.ts'
import { runCli } from '../engine/run-cli.ts'
import type { Cell } from './cells.ts'
import { fillDisk } from './fill-disk.ts'
import { engineDied, engineFull, engineRestarted, type Engine } from './engines.ts'
import type { Gate } from './gate.ts'
import type { Run } from './terminal.ts'

/** Whether this process may mount: what needs it is not a cell elsewhere. */
export const mayMount = (): boolean => process.platform === 'linux' && process.getuid?.() === 0

/** Makes the folder that a cell's runs work in; one that should be full is a disk of its own. */
export const folderFor = async ({ blow }: Cell, room: string): Promise<string> => {
  const folder = join(room, 'here')
  mkdirSync(folder)
  if (blow === 'disk-full') await mounted(folder, ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder])
  return folder
}

/** A blow that has fallen. */
export interface Struck {
  /** How the other run ended, where there was one. */
  readonly second: CliEnd | null
  /** Takes away what is in the way of the next run. */
  readonly mend: () => Promise<void>
}

/** What a run works with. */
export interface Place {
  readonly folder: string
  readonly words: readonly string[]
  /** The way to its mirror, where it has one. */
  readonly gate: Gate | null
  /** The engine that the cell has for itself, where it has one. */
  readonly engine: Engine | null
}

/** Strikes a run. */
export const strike = async (
  { blow }: Cell,
  cli: Run,
  { folder, words, gate, engine }: Place,
): Promise<Struck> => {
  const nothing = { second: null, mend: () => Promise.resolve() }
  if (blow === 'second-run') return { ...nothing, second: await runCli(words, { cwd: folder }) }
  if (blow === 'folder-removed') {
    await patiently(() => rm(join(folder, 'project'), { recursive: true, force: true }))
    return nothing
  }
  if (blow === 'disk-full') return { ...nothing, mend: fillDisk(join(folder, 'filler'), 16) }
  if (blow === 'mirror-gone') {
    await gate!.passedMore(20)
    return { ...nothing, mend: gate!.shut() }
  }
  if (blow === 'folder-read-only') {
    return { ...nothing, mend: await patiently(() => readOnly(folder)) }
  }
  if (blow === 'engine-dead') return { ...nothing, mend: engineDied(engine!) }
  if (blow === 'engine-restarted') return { ...nothing, mend: await engineRestarted(engine!) }
  if (blow === 'engine-full') return { ...nothing, mend: engineFull(engine!) }
  if (blow === 'terminal-closed') cli.close()
  else cli.kill(blow)
  return nothing
}

/** The run may open a file, or put one in, in the midst of a blow. Rejects as the last try does. */
const patiently = async <T>(blow: () => Promise<T>, tries = 100): Promise<T> => {
  try {
    return await blow()
  } catch (error) {
    if (tries === 1) throw error
    await delay(20)
    return patiently(blow, tries - 1)
  }
}

/** A file that the run opens for good between the two keeps this mount from it, and another one not. */
const readOnly = async (folder: string): Promise<() => Promise<void>> => {
  const undo = await mounted(folder, ['--bind', folder, folder])
  try {
    await execa('mount', ['-o', 'remount,bind,ro', folder])
    return undo
  } catch (error) {
    await undo()
    throw error
  }
}

/** Mounts something; what undoes it is done by the end of the test at the latest. */
const mounted = async (folder: string, words: readonly string[]): Promise<() => Promise<void>> => {
  await execa('mount', words)
  let isThere = true
  const undo = async (): Promise<void> => {
    if (!isThere) return
    isThere = false
    await execa('umount', ['--lazy', folder])
  }
  onTestFinished(undo)
  return undo
}
