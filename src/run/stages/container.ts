import type { ContainerStage, Word } from '../../plan/types.ts'
import { forget, remember } from '../clean-up/alive.ts'
import { query, isPodman, removeContainer, type Client } from '../clean-up/containers.ts'
import { endChild, startChild } from '../process/exec.ts'
import { ownLimits } from '../process/limits.ts'
import { LABEL } from '../process/run-id.ts'
import type { Running, StageEnd } from '../stage.ts'
import { endOf } from './command.ts'
import { watchContainer, type LOOKS } from './watch.ts'

export interface ContainerContext {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly runId: string
  /** The container's name, of which no other container has the like. */
  readonly name: string
  readonly resolve: (word: Word) => string
  readonly signal: AbortSignal
  /** Takes work that the run must wait for at its end, such as the removal of a container. */
  readonly later: (work: Promise<unknown>) => void
  /** The containers that stay for later steps, by the step that made them. */
  readonly keptContainers: Map<string, string>
  /** The step that this stage belongs to. */
  readonly step: string
  /** How often the container is looked at while it works; every 30 s without. */
  readonly looks?: typeof LOOKS
}

/** A container could not be made; `text` is what the client said. */
export class CreateError extends Error {
  override readonly name = 'CreateError'
  readonly exitCode: number | null
  readonly text: string

  constructor(exitCode: number | null, text: string) {
    super('The engine did not make the container.')
    this.exitCode = exitCode
    this.text = text
  }
}

/** The exact argument list that makes the container, harness included. */
export const createCommand = (
  stage: ContainerStage,
  { runId, name, resolve }: Pick<ContainerContext, 'runId' | 'name' | 'resolve'>,
): string[] => {
  const harness = ['--name', name, '--label', `${LABEL}=${runId}`, ...NO_LOG, ...ownHarness(stage)]
  const words = [...stage.options, stage.image, ...stage.command].map(resolve)
  return [stage.client, 'create', ...harness, ...words]
}

/** An engine writes everything that a container prints into a log too, which a root filesystem would fill. */
const NO_LOG = ['--log-driver', 'none']

/**
 * The container of the proof runs as a person's would, so no init of the engine's comes before its program: that would
 * hide what a program does as process 1. All others get Docker's, which ends them at once; Podman's is a program that
 * few have installed, and without one the removal of a container waits ten seconds for a shell that never hears it. A
 * name without a registry would be looked for in the network.
 */
const ownHarness = ({ client, plain }: ContainerStage): string[] => {
  if (isPodman(client)) return ['--stop-timeout', '0', '--pull', 'never', ...ownLimits()]
  return plain === true ? [] : ['--init']
}

/**
 * A client gives its proxies to every container, and the image would keep them, password included, for a day when
 * there is another proxy or none. What is empty is not a proxy; the client's own of that day comes before it.
 */
const NO_PROXIES = ['http', 'https', 'ftp', 'all', 'no']
  .flatMap(name => [`${name}_proxy`, `${name.toUpperCase()}_PROXY`])
  .map(name => `ENV ${name}=`)

/**
 * The exact argument list that keeps a container as an image, or null for one that is not kept. The image would
 * inherit the label of the run, and then a container that a person makes from it would be swept as ours.
 */
export const commitCommand = (
  { client, keepAs }: ContainerStage,
  container: string,
  resolve: (word: Word) => string,
): string[] | null => {
  if (keepAs === undefined) return null
  const changes = [...keepAs.changes, ...NO_PROXIES, `LABEL ${LABEL}=`].flatMap(change => [
    '--change',
    change,
  ])
  return [client, 'commit', ...changes, container, resolve(keepAs.image)]
}

/** The exact argument list that starts the container of this name or ID and stays with it. */
export const attachCommand = (stage: ContainerStage, container: string): string[] => [
  stage.client,
  'start',
  '--attach',
  ...(isInteractive(stage) ? ['--interactive'] : []),
  container,
]

const isInteractive = ({ options }: ContainerStage): boolean => options.includes('--interactive')

/**
 * Makes and starts a container. It is removed when it has ended. Throws CreateError when the engine makes none,
 * and the signal's reason when the run was stopped meanwhile; then nothing is left of it.
 */
export const startContainer = async (
  stage: ContainerStage,
  context: ContainerContext,
): Promise<Running> => {
  const client: Client = { program: stage.client, cwd: context.cwd, env: context.env }
  const id =
    stage.restarts === undefined
      ? await createContainer(stage, context, client)
      : context.keptContainers.get(stage.restarts)
  if (id === undefined) throw new CreateError(null, 'The container of an earlier step is gone.')
  const [program = '', ...args] = attachCommand(stage, id)
  const child = startChild(program, args, {
    cwd: context.cwd,
    env: context.env,
    stdin: isInteractive(stage) ? 'pipe' : 'ignore',
  })
  const over = new AbortController()
  let isLost = false
  const lose = (): void => {
    isLost = true
    context.later(endChild(child, 200))
  }
  watchContainer(client, id, over.signal, lose, context.looks)
  const endOfIt = (result: Parameters<typeof endOf>[0]): StageEnd => {
    over.abort()
    return isLost ? LOST : endOf(result)
  }
  return {
    name: `${stage.client} run ${context.resolve(stage.image)}`,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended: child.then(async result => finish(stage, context, client, id, endOfIt(result))),
    kill: async () => {
      // One that is started again holds an earlier step's work, so that this step can be tried again.
      const isLast = stage.restarts === undefined || context.signal.aborted
      if (isLast) await removeContainer(client, id)
      else await query(client, ['kill', id], 10)
      if (isLast && stage.restarts !== undefined) context.keptContainers.delete(stage.restarts)
      await endChild(child, 200)
    },
  }
}

/** A stop while the client creates waits for the container's id, so that it can be removed by it. */
const createContainer = async (
  stage: ContainerStage,
  context: ContainerContext,
  client: Client,
): Promise<string> => {
  const [, ...args] = createCommand(stage, context)
  const made = { kind: 'container', name: context.name, run: context.runId } as const
  // Who leaves at once leaves the client that makes it at work.
  remember(context.name, made)
  const { exitCode, stdout, stderr } = await query(client, args, 60)
  // Of a client that had to be stopped it is not known whether it made one.
  if (exitCode !== null) forget(context.name)
  const id = /[0-9a-f]{64}/.exec(stdout)?.[0]
  if (exitCode !== 0 || id === undefined) throw new CreateError(exitCode, stderr)
  remember(id, made)
  if (context.signal.aborted) {
    await removeContainer(client, id)
    throw context.signal.reason
  }
  for (const copy of copyCommands(stage, id)) await copyIn(client, copy, id)
  return id
}

/** The exact argument lists that put files into the container of this name or ID. */
export const copyCommands = ({ client, copies = [] }: ContainerStage, container: string) =>
  copies.map(({ file, to }) => [client, 'cp', file, `${container}:${to}`])

const copyIn = async (
  client: Client,
  [, ...args]: readonly string[],
  id: string,
): Promise<void> => {
  const { exitCode, stderr } = await query(client, args, 60)
  if (exitCode === 0) return
  await removeContainer(client, id)
  throw new CreateError(exitCode, stderr)
}

const finish = async (
  stage: ContainerStage,
  context: ContainerContext,
  client: Client,
  id: string,
  attached: StageEnd,
): Promise<StageEnd> => {
  if (context.signal.aborted) return attached
  const end = await inspectEnd(client, id, attached)
  if (stage.restarts !== undefined) return end
  if (stage.keptForLater === true && end.exitCode === 0) {
    context.keptContainers.set(context.step, id)
    return end
  }
  const commit = end.exitCode === 0 ? await commitUnlessMade(stage, context, client, id) : null
  const kept = commit === null ? end : await keep(client, commit)
  context.later(removeContainer(client, id))
  return kept
}

/** A run on another machine may have kept the same image meanwhile: a second one would take its name. */
const commitUnlessMade = async (
  stage: ContainerStage,
  { resolve }: ContainerContext,
  client: Client,
  id: string,
): Promise<string[] | null> => {
  const commit = commitCommand(stage, id, resolve)
  if (commit === null) return null
  const there = await query(client, ['image', 'inspect', '--format', '{{.Id}}', commit.at(-1)!], 10)
  return there.exitCode === 0 ? null : commit
}

/** The engine knows the exit code for certain; a client that lost its connection does not. */
const inspectEnd = async (client: Client, id: string, attached: StageEnd): Promise<StageEnd> => {
  const format = '{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}'
  const { exitCode, stdout } = await query(client, ['inspect', '--format', format, id], 10)
  const [status, code, oom] = stdout.trim().split(' ')
  if (exitCode !== 0 || !ENDED.has(status ?? '')) {
    return {
      exitCode: attached.exitCode === 0 ? null : attached.exitCode,
      note: attached.note ?? lostNote(status),
    }
  }
  return {
    exitCode: Number(code),
    note: oom === 'true' ? 'the kernel ended it because memory ran out' : null,
  }
}

/** Neither the container nor the engine said how it ended. */
const LOST: StageEnd = {
  exitCode: null,
  note: 'the engine did not answer when last asked about it; see whether it and its containerd still run',
}

/** Podman calls it stopped until it has put away what belonged to it. */
const ENDED = new Set(['exited', 'stopped'])

const lostNote = (status: string | undefined): string | null =>
  status === 'created' ? null : 'the connection to the container was lost'

const keep = async (client: Client, [, ...args]: readonly string[]): Promise<StageEnd> => {
  const { exitCode, stderr } = await query(client, args, 600)
  return { exitCode, note: exitCode === 0 ? null : `${client.program} commit: ${stderr.trim()}` }
}
