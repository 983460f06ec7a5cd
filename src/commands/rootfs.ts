import { once } from 'node:events'
import { resolve } from 'node:path'
import { assetsFolder } from '../assets.ts'
import { oneOf } from '../ask/one-of.ts'
import { mirror as mirrorQuestion } from '../ask/questions/mirror.ts'
import { commandWords } from '../ask/words.ts'
import { snapshotOf } from '../bootstrap/deb/sources.ts'
import { BootstrapError } from '../bootstrap/errors.ts'
import type { DebVariant } from '../bootstrap/types.ts'
import { findRelease, similarReleases } from '../catalog/releases.ts'
import type { Release } from '../catalog/types.ts'
import { probeFacts } from '../engine/probe.ts'
import type { EngineFacts, Facts } from '../engine/facts.ts'
import { EXIT, FailedError, MachineError, StoppedError, UsageError } from '../errors.ts'
import { sweepDeadRuns, sweepRun, type Client } from '../run/clean-up/containers.ts'
import { newRunId } from '../run/process/run-id.ts'
import { makeRoot } from '../run/rootfs/make-root.ts'
import { requestFor, type RootChoice } from '../run/rootfs/request.ts'
import type { Io } from '../terminal/io.ts'
import { rootNews } from './rootfs-news.ts'

const USAGE = 'create-base-image rootfs <distro>[:<release>] [flags] > rootfs.tar'

const VARIANTS = ['minbase', 'standard', 'buildd', 'essential', 'important'] as const

/**
 * Writes the tar of a root filesystem to stdout and its progress to stderr. Returns 0 when it is whole. Throws
 * UsageError when stdout is a terminal.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const words = readWords(argv)
  const release = releaseNamed(words.positionals[0] ?? '')
  if (process.stdout.isTTY)
    throw new UsageError('A tar is no text for a terminal.', [
      `Into an image: npx create-base-image rootfs ${release.distro}:${release.codename} | docker import - my-${release.codename}`,
      'Into a file: add > rootfs.tar',
    ])
  const engineWanted = oneOf(
    'engine',
    ['auto', 'docker', 'podman'],
    words.values['engine'] ?? 'auto',
  )
  const facts = await probeFacts({ engine: engineWanted, env: io.env })
  const engine = neededEngine(facts)
  const choice = choiceOf(words, release, facts, engine, io.cwd)
  const client: Client = { program: engine.client, cwd: io.cwd, env: io.env }
  await sweepDeadRuns(client)
  return inEngine({ io, choice, client, engine, words })
}

type Words = ReturnType<typeof readWords>

const readWords = (argv: readonly string[]) => {
  const words = commandWords(argv, USAGE, {
    valued: [
      'variant',
      'include',
      'exclude',
      'components',
      'mirror',
      'keyring',
      'snapshot',
      'arch',
      'engine',
      'cache',
    ],
    plain: ['slim', 'updates', 'no-updates', 'offline'],
    count: 1,
  })
  if (words.switches.has('updates') && words.switches.has('no-updates'))
    throw new UsageError('--updates and --no-updates exclude each other.')
  return words
}

const releaseNamed = (text: string): Release => {
  const [first = '', second] = text.split(':')
  const today = new Date().toISOString().slice(0, 10)
  const distro = oneOfDistros(first)
  const found =
    distro === null
      ? findRelease(text, today)
      : findRelease(second ?? (distro === 'ubuntu' ? 'lts' : 'stable'), today, distro)
  if (found !== null && (found.distro === 'debian' || found.distro === 'ubuntu')) return found
  const similar = similarReleases(second ?? first).slice(0, 3)
  throw new UsageError(`There is no release ${text} of Debian or Ubuntu.`, [
    ...(similar.length === 0 ? [] : [`Did you mean ${similar.join(' or ')}?`]),
    `Usage: ${USAGE}`,
  ])
}

const oneOfDistros = (text: string): 'debian' | 'ubuntu' | null =>
  text === 'debian' || text === 'ubuntu' ? text : null

const neededEngine = ({ engine, engineProblem }: Facts): EngineFacts => {
  if (engine !== null) return engine
  throw new MachineError(
    `A root filesystem is configured in a container, for which an engine is needed. ${engineProblem?.what ?? 'None answered.'}`,
    engineProblem?.todo ?? [],
  )
}

const choiceOf = (
  { values, switches }: Words,
  release: Release,
  { archive, arch: machineArch }: Facts,
  engine: EngineFacts,
  cwd: string,
): RootChoice => {
  const arch = values['arch'] ?? engine.arch
  const snapshot = values['snapshot'] ?? null
  if (snapshot !== null && snapshotOf(snapshot) === null)
    throw new UsageError(`--snapshot "${snapshot}" is no date.`, [
      'Write a day or a moment: --snapshot 2026-07-01 or --snapshot 20260701T120000Z',
    ])
  const isNear = archive?.distro === release.distro && machineArch === arch
  return {
    release,
    arch,
    variant: oneOf('variant', VARIANTS, values['variant'] ?? 'minbase') satisfies DebVariant,
    include: listOf(values['include']),
    exclude: listOf(values['exclude']),
    components: values['components'] === undefined ? null : listOf(values['components']),
    mirror: values['mirror'] === undefined ? null : mirrorQuestion.parse(values['mirror'], cwd),
    near: isNear && archive.archive.startsWith('http:') ? archive.archive : null,
    keyring: values['keyring'] === undefined ? null : resolve(cwd, values['keyring']),
    snapshot,
    updates: !switches.has('no-updates'),
  }
}

const listOf = (text = ''): string[] => text.split(/[\s,]+/).filter(word => word !== '')

interface Work {
  readonly io: Io
  readonly choice: RootChoice
  readonly client: Client
  readonly engine: EngineFacts
  readonly words: Words
}

const inEngine = async ({ io, choice, client, engine, words }: Work): Promise<number> => {
  const stopping = new AbortController()
  const stop = (signal: NodeJS.Signals) => stopping.abort(new StoppedError(signal))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  const runId = newRunId()
  const news = rootNews(choice, io.err)
  try {
    const root = await requestFor(choice, assetsFolder(), Date.now())
    const set = await makeRoot(
      {
        root,
        fetching: {
          env: io.env,
          isOffline: words.switches.has('offline'),
          onNote: news.note,
          onRetry: news.retry,
          ...(words.values['cache'] !== undefined && {
            cache: resolve(io.cwd, words.values['cache']),
          }),
        },
        assets: assetsFolder(),
        client,
        platform: engine.arch === choice.arch ? null : `linux/${choice.arch}`,
        slim: words.switches.has('slim'),
        epoch: epochIn(io.env),
        runId,
        signal: stopping.signal,
        hear: news,
      },
      writeOut,
    )
    await news.done(set)
    return EXIT.done
  } catch (error) {
    throw stopping.signal.aborted ? stopping.signal.reason : plainOf(error)
  } finally {
    for (const signal of signals) process.off(signal, stop)
    if (stopping.signal.aborted) await sweepRun(client, runId, 10)
  }
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
const epochIn = ({ SOURCE_DATE_EPOCH: text }: NodeJS.ProcessEnv): number | null => {
  if (text === undefined || text === '') return null
  if (/^\d{1,11}$/.test(text)) return Number(text)
  throw new UsageError(`SOURCE_DATE_EPOCH is "${text}", which is no number of seconds since 1970.`)
}

const writeOut = async (tar: AsyncGenerator<Uint8Array>): Promise<void> => {
  const { stdout } = process
  let failure: Error | null = null
  stdout.once('error', error => {
    failure = error
  })
  for await (const chunk of tar) {
    if (failure !== null) throw readerGone(failure)
    if (!stdout.write(chunk)) await Promise.race([once(stdout, 'drain'), once(stdout, 'close')])
  }
  await new Promise<void>(done => void stdout.write('', () => done()))
  if (failure !== null) throw readerGone(failure)
}

const readerGone = (error: Error): FailedError =>
  new FailedError(`What reads the tar has gone away: ${error.message}`, [
    'Look at what that program said: the tar is not whole.',
  ])

/** Which exit code a failed bootstrap has: who can do something about it. */
const plainOf = (error: unknown): unknown => {
  if (!(error instanceof BootstrapError)) return error
  const { code, message, todo } = error
  if (['include-unknown', 'exclude-needed', 'architecture-lacks', 'component-lacks'].includes(code))
    return new UsageError(message, todo)
  if (['unreachable', 'proxy-refused', 'offline-lacks', 'disk-full', 'read-only'].includes(code))
    return new MachineError(message, todo)
  return new FailedError(message, todo)
}
