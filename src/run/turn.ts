import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { cacheFolder, thisMachine } from '../bootstrap/fetch/cache/folder.ts'
import type { Step } from '../plan/types.ts'
import type { RunContext } from './context.ts'
import { digestOf } from './project/files.ts'
import { dropLock, tryLock } from './project/lock.ts'
import { resolveWord } from './values.ts'
import { makeFolders } from '../text/make-folders.ts'

/** A run's turn at making what other runs would make alike. */
export interface Turn {
  /** True when another run had it before: what it made may be there now. */
  readonly waited: boolean
  readonly release: () => void
}

/** How often another run is looked at, and how long it is waited for, in milliseconds. */
const LOOK = 300
const LONGEST = 15 * 60_000

/**
 * Waits until no other run of this user pulls the step's image or makes the one that it keeps: of runs at once with a cold
 * builder one gets it, and the others take it. Says whom it waits for. Throws the signal's reason when the run is stopped.
 */
export const takeTurn = async (step: Step, context: RunContext): Promise<Turn> => {
  const image = keptImage(step, context)
  const path = image === null ? null : await lockPath(image, context)
  if (path === null) return FREE
  const { runId, signal } = context
  const until = Date.now() + LONGEST
  let waited = false
  while (Date.now() < until) {
    signal.throwIfAborted()
    const holder = tryLock(path, runId)
    if (holder === null) return { waited, release: () => dropLock(path, runId) }
    if (!waited) await tellWhom(step, image!, holder, context)
    waited = true
    await delay(LOOK, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
  return { ...FREE, waited }
}

const FREE: Turn = { waited: false, release: () => undefined }

const keptImage = ({ pipeline }: Step, { values }: RunContext): string | null => {
  for (const stage of pipeline) {
    if (stage.kind === 'container' && stage.keepAs !== undefined)
      return resolveWord(values, stage.keepAs.image)
    if (stage.kind === 'pull') return [stage.image, stage.platform ?? []].flat().join(' for ')
  }
  return null
}

/** Null where no lock can be kept: then each run makes its own, and one of them stays. */
const lockPath = async (image: string, { env, facts }: RunContext): Promise<string | null> => {
  const engine = [facts.engine?.client, env['DOCKER_HOST'], env['DOCKER_CONTEXT']].join('\0')
  const machine = thisMachine()
  const folder = join(cacheFolder({ ...machine, env, home: env['HOME'] ?? machine.home }), 'turns')
  try {
    await makeFolders(folder, 0o700)
    return join(folder, digestOf(`${engine}\0${image}`).slice(0, 16))
  } catch {
    return null
  }
}

const tellWhom = async (
  step: Step,
  image: string,
  holder: string,
  { emit }: RunContext,
): Promise<void> => {
  const who = `process ${holder.split('-')[1] ?? 'unknown'}`
  const line = `Another run (${who}) is getting ${image}; waiting for it.`
  await emit([
    { type: 'output', step: step.id, source: 'stdout', line },
    { type: 'progress', step: step.id, text: `waiting for another run (${who})` },
  ])
}
