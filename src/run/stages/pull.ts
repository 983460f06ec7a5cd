import { PassThrough, type Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { PullStage } from '../../plan/types.ts'
import { pullCommand } from '../../plan/shown-commands.ts'
import { isPodman } from '../clean-up/containers.ts'
import { endChild, startChild, type Child } from '../process/exec.ts'
import type { Running, StageEnd } from '../stage.ts'
import { endOf } from './command.ts'
import { hasCredentials } from './credentials.ts'
import { postByStdio } from './dial-stdio.ts'
import { pullApiReader } from '../progress/pull-api.ts'

export interface PullContext {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** The exact argument lists of a pull, in the order they are tried. */
export const pullCommands = (stage: PullStage): string[][] => [
  ...(isPodman(stage.client) ? [] : [dialCommand(stage)]),
  pullCommand(stage),
]

/** The command that carries the engine's API over its client's stdio; hidden, in every client since 18.09. */
const dialCommand = ({ client }: PullStage): string[] => [client, 'system', 'dial-stdio']

/**
 * Pulls an image by the engine's API, which reports bytes, over the client's own connection. Where that can't be
 * had, or fails before the first layer, `docker pull` does it and says in its own words what is wrong.
 * A registry that the client has credentials for is left to the client, and Podman pulls by itself.
 */
export const startPull = (stage: PullStage, context: PullContext): Running => {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const children: Child[] = []
  const start = ([program = '', ...args]: readonly string[], stdin: 'ignore' | 'pipe'): Child => {
    const child = startChild(program, args, { ...context, stdin })
    children.push(child)
    return child
  }
  let killed = false
  const pull = async (): Promise<StageEnd> => {
    const byApi =
      isPodman(stage.client) || hasCredentials(stage.image, context.env)
        ? null
        : await pullByApi(stage, start, stdout, stderr)
    if (byApi !== null || killed) return byApi ?? { exitCode: null, note: null }
    return pullByClient(start(pullCommand(stage), 'ignore'), stdout, stderr)
  }
  return {
    name: `${stage.client} pull`,
    stdin: null,
    stdout,
    stderr,
    ended: pull().finally(() => {
      stdout.end()
      stderr.end()
    }),
    kill: async () => {
      killed = true
      await Promise.all(children.map(child => endChild(child, 200)))
    },
  }
}

type Start = (command: readonly string[], stdin: 'ignore' | 'pipe') => Child

/** Null when the client should try it: nothing has been shown then. */
const pullByApi = async (
  stage: PullStage,
  start: Start,
  stdout: PassThrough,
  stderr: PassThrough,
): Promise<StageEnd | null> => {
  const child = start(dialCommand(stage), 'pipe')
  child.stderr.resume()
  try {
    const body = await postByStdio(child, `/images/create?${query(stage)}`)
    return body === null ? null : await passOn(body, stdout, stderr)
  } finally {
    await endChild(child, 200)
  }
}

const query = ({ image, platform }: PullStage): string => {
  const { name, version } = splitImage(image)
  return new URLSearchParams({
    fromImage: name,
    tag: version,
    ...(platform === null ? {} : { platform }),
  }).toString()
}

/** An image reference split in its name and its tag or digest. */
export const splitImage = (image: string): { name: string; version: string } => {
  const [name = '', digest] = image.split('@')
  const [, base = name, tag] = /^(.*?)(?::([^:/]+))?$/.exec(name) ?? []
  return { name: base, version: digest ?? tag ?? 'latest' }
}

/** Shows the engine's stream from its first layer on; an error before that shows nothing. */
const passOn = async (
  body: Readable,
  stdout: PassThrough,
  stderr: PassThrough,
): Promise<StageEnd | null> => {
  const reader = pullApiReader()
  const held: Uint8Array[] = []
  let showing = false
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      const layers = reader.read(chunk, 'stdout').some(reading => reading.kind === 'progress')
      held.push(chunk)
      showing ||= layers
      if (showing) for (const one of held.splice(0)) stdout.write(one)
    }
  } catch {
    return showing ? { exitCode: 1, note: 'the connection to the engine was lost' } : null
  }
  const failure = reader.failure()
  if (failure === null) {
    for (const one of held) stdout.write(one)
    return { exitCode: 0, note: null }
  }
  if (!showing) return null
  stderr.write(`${failure}\n`)
  return { exitCode: 1, note: null }
}

const pullByClient = async (
  child: Child,
  stdout: PassThrough,
  stderr: PassThrough,
): Promise<StageEnd> => {
  child.stdout.pipe(stdout, { end: false })
  child.stderr.pipe(stderr, { end: false })
  const result = await child
  await Promise.allSettled([finished(child.stdout), finished(child.stderr)])
  return endOf(result)
}
