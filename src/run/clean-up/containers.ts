import { setTimeout as delay } from 'node:timers/promises'
import type { RunContext } from '../context.ts'
import { capture, type Captured } from '../process/exec.ts'
import { forget } from './alive.ts'
import { LABEL, runState } from '../process/run-id.ts'

/** A client with the environment and folder that it is called in. */
export interface Client {
  readonly program: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** The client of a run's engine. */
export const clientOf = ({ facts, env }: Pick<RunContext, 'facts' | 'env'>): Client => ({
  program: facts.engine?.client ?? 'docker',
  cwd: process.cwd(),
  env,
})

/** Calls the client for a short answer. Never throws. */
export const query = (client: Client, args: readonly string[], seconds = 30): Promise<Captured> =>
  capture(client.program, args, { cwd: client.cwd, env: client.env, seconds })

/** True for Podman's own client, which differs from docker in a few words. */
export const isPodman = (client: string): boolean => client === 'podman'

/**
 * Seconds that a removal may take. An engine goes on with it by itself; Podman's client does the work, and one that is
 * ended in the midst of it leaves a container that is half removed: with the vfs driver it copies and deletes every file.
 */
const patienceOf = ({ program }: Client): number => (isPodman(program) ? 60 : 10)

/** Removes a container with everything that runs in it; true when it is gone. */
export const removeContainer = async (client: Client, id: string): Promise<boolean> => {
  for (let attempt = 0; attempt < 3; attempt++) {
    const words = ['rm', '--force', '--volumes', id]
    const { exitCode, stderr } = await query(client, words, patienceOf(client))
    if (exitCode === 0 || /no such container/i.test(stderr)) {
      forget(id)
      return true
    }
    if (!/in progress|conflict/i.test(stderr)) return false
  }
  return false
}

/** A container that carries our label. */
export interface Labelled {
  readonly id: string
  readonly run: string
}

/** The containers with the label of a run, of one run or of all. Null when the engine does not answer. */
export const labelledContainers = async (
  client: Client,
  run?: string,
): Promise<Labelled[] | null> => {
  const filter = `label=${LABEL}${run === undefined ? '' : `=${run}`}`
  const label = isPodman(client.program) ? `index .Labels` : `.Label`
  const format = `{{.ID}} {{${label} "${LABEL}"}}`
  const { exitCode, stdout } = await query(
    client,
    ['ps', '--all', '--no-trunc', '--filter', filter, '--format', format],
    10,
  )
  if (exitCode !== 0) return null
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => ({ id: line.split(' ')[0] ?? '', run: line.split(' ')[1] ?? '' }))
    .filter(({ run }) => run !== '')
}

/**
 * Removes what a run left, until two looks in a row find nothing: a client that was killed while it created
 * a container may still get one from the engine. False when something is left after `seconds`, or the engine
 * does not answer.
 */
export const sweepRun = async (client: Client, run: string, seconds: number): Promise<boolean> => {
  const deadline = Date.now() + seconds * 1000
  for (let empty = 0; empty < 2;) {
    const containers = await labelledContainers(client, run)
    if (containers === null || (containers.length > 0 && Date.now() > deadline)) return false
    empty = containers.length === 0 ? empty + 1 : 0
    const removed = await Promise.all(containers.map(({ id }) => removeContainer(client, id)))
    if (removed.includes(false)) await delay(200)
  }
  return true
}

/** Removes the containers of runs on this machine that are no more. Returns their number. */
export const sweepDeadRuns = async (client: Client): Promise<number> => {
  const dead = ((await labelledContainers(client)) ?? []).filter(
    ({ run }) => runState(run) === 'dead',
  )
  await Promise.all(dead.map(({ id }) => removeContainer(client, id)))
  return dead.length
}
