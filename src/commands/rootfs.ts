import { resolve } from 'node:path'
import { assetsFolder } from '../assets.ts'
import { oneOf } from '../ask/one-of.ts'
import { usageOf } from '../ask/commands.ts'
import { withHome } from '../ask/typed-path.ts'
import { commandWords } from '../ask/words.ts'
import type { PackagesLock } from '../bootstrap/deb/lock-form.ts'
import { lockText } from '../bootstrap/deb/lock.ts'
import { watchPackages, type RootFacts } from '../bootstrap/sbom/facts.ts'
import type { OwnFile } from '../bootstrap/deb/own-files.ts'
import type { Release } from '../catalog/types.ts'
import { probeFacts } from '../engine/probe.ts'
import type { Facts } from '../engine/facts.ts'
import { EXIT, MachineError, StoppedError, UsageError } from '../errors.ts'
import { sweepDeadRuns, sweepRun, type Client } from '../run/clean-up/containers.ts'
import { newRunId } from '../run/process/run-id.ts'
import { makeRoot } from '../run/rootfs/make-root.ts'
import { lockAt } from '../run/rootfs/lock-file.ts'
import { loginsNotice, ownSources, type OwnSources } from '../run/rootfs/own-sources.ts'
import { requestFor, type RootChoice } from '../run/rootfs/request.ts'
import { sourcesTwice } from '../plan/full/built-in-rules.ts'
import type { Io } from '../terminal/io.ts'
import { choiceOf, releaseNamed } from './root-choice.ts'
import { plainOf } from './root-failure.ts'
import { ownOf } from './root-own.ts'
import { outputFor, type RootOutput } from './root-output.ts'
import { checkPlaces, writeAt, type NamedPlace } from './root-places.ts'
import { sbomPlaces, writeSboms, type SbomPlace } from './root-sbom.ts'
import { rootNews } from './rootfs-news.ts'
import { slimTwice } from '../ask/questions/slim.ts'
import { DISTROLESS_HERE, unrunWords } from '../text/distroless.ts'
import { withEngineOnly } from '../text/advice.ts'
import { isFolder } from '../text/there.ts'

const USAGE = usageOf('rootfs')

/**
 * Writes the tar of a root filesystem to stdout, or where --output says, and its progress to stderr. Returns 0 when it is whole. Throws
 * UsageError when stdout is a terminal.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const words = readWords(argv)
  const sboms = sbomPlaces(words.values['sbom'], io.cwd)
  const locked = words.values['locked']
  const lock = locked === undefined ? null : asPlain(() => lockAt(locked, io.cwd))
  const release = releaseOf(words, lock)
  checkPlaces(placesIn(words, sboms, io.cwd))
  const output = await outputFor(words.values['output'], io.cwd)
  if (process.stdout.isTTY && words.values['output'] === undefined)
    throw new UsageError('A tar is not for a terminal.', [
      `Into an image: npx create-base-image rootfs ${release.distro}:${release.codename} | docker import - my-${release.codename}`,
      'Into a file: add --output rootfs.tar',
    ])
  const engineWanted = oneOf(
    'engine',
    ['auto', 'docker', 'podman', 'none'],
    words.values['engine'] ?? 'auto',
  )
  const facts = await probeFacts({ engine: engineWanted, env: io.env, libcs: [], kernelRoot: true })
  const { engine } = facts
  const arch = engine?.arch ?? facts.arch
  const sources = sourcesIn(words, release, io.cwd)
  const suites = sources?.suites ?? null
  await tellLogins(words, io)
  const choice = choiceOf(words, { release, lock, facts, arch, cwd: io.cwd, suites })
  const isPlain = choice.variant === 'distroless'
  if (isPlain) checkPlain(words)
  else if (engine === null) checkKernel(facts, choice.arch, engineWanted)
  const client =
    engine === null || isPlain ? null : { program: engine.client, cwd: io.cwd, env: io.env }
  if (client !== null) await sweepDeadRuns(client)
  // What apt is to fetch from is of no use where there is none.
  const own = [...ownOf(words.values, io.cwd), ...((isPlain ? null : sources?.files) ?? [])]
  return make({ io, choice, client, ownArch: arch, words, lock, sboms, own, output })
}

/** A folder that --output names is looked at by what writes there. */
const placesIn = (
  { values: { lock, output } }: Words,
  sboms: readonly SbomPlace[],
  cwd: string,
): NamedPlace[] => {
  const file = output === undefined ? null : resolve(cwd, withHome(output))
  return [
    ...(lock === undefined ? [] : [{ flag: '--lock', path: resolve(cwd, lock) }]),
    ...sboms.map(({ path }) => ({ flag: '--sbom', path })),
    ...(file === null || isFolder(file) ? [] : [{ flag: '--output', path: file }]),
  ]
}

type Words = ReturnType<typeof readWords>

const readWords = (argv: readonly string[]) => {
  const words = commandWords(argv, 'rootfs')
  if (words.switches.has('updates') && words.switches.has('no-updates'))
    throw new UsageError('--updates and --no-updates exclude each other.')
  if (words.positionals.length === 0 && words.values['locked'] === undefined)
    throw new UsageError(`Usage: ${USAGE}`)
  return words
}

const releaseOf = ({ positionals }: Words, lock: PackagesLock | null): Release => {
  const named = lock === null ? null : `${lock.distribution}:${lock.codename}`
  return releaseNamed(positionals[0] ?? named ?? '', USAGE)
}

/** Returns the person's own sources, or null. Throws UsageError for what would say the same twice. */
const sourcesIn = (
  { values, switches }: Words,
  { codename }: Release,
  cwd: string,
): OwnSources | null => {
  const { sources: file } = values
  if (file === undefined) return null
  const other =
    ['mirror', 'snapshot', 'components'].find(name => values[name] !== undefined) ??
    ['updates', 'no-updates'].find(name => switches.has(name as 'updates'))
  if (other !== undefined) throw sourcesTwice(`--${other}`)
  const found = asPlain(() => ownSources(resolve(cwd, file), codename))
  const suites = found.suites.map(({ suite }) => suite)
  if (values['lock'] !== undefined && new Set(suites).size < suites.length)
    throw new UsageError(
      '--lock tells suites apart by their names, and --sources has one name twice.',
      ['Leave --lock out.'],
    )
  return found
}

const tellLogins = async ({ values, switches }: Words, { cwd, err }: Io): Promise<void> => {
  const { sources: file } = values
  if (file === undefined || switches.has('offline')) return
  const notice = loginsNotice(resolve(cwd, file), file)
  if (notice !== null) await err.write(`${notice} Name your own file: --sources FILE\n`)
}

const asPlain = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw plainOf(error)
  }
}

/** Throws UsageError for what a tree can't follow in which nothing runs. */
const checkPlain = ({ values, switches }: Words): void => {
  if (values['hook'] !== undefined)
    throw new UsageError('--hook runs in the tree, and in a distroless one nothing can run it.', [
      'Leave it out: --copy puts files into the tree.',
    ])
  if (switches.has('slim')) throw slimTwice()
}

/** Throws MachineError where without an engine nothing can configure a root filesystem for an architecture. */
const checkKernel = (facts: Facts, arch: string, wanted: string): void => {
  const { engineProblem, kernelRoot } = facts
  const isOwn = facts.arch === arch
  if (isOwn && ['auto', 'none'].includes(wanted) && kernelRoot?.problem === null) return
  const why = isOwn ? kernelRoot?.problem?.what : `This machine is ${facts.arch}, the tree ${arch}.`
  throw new MachineError(
    ['To configure a root filesystem an engine is needed here.', engineProblem?.what, why]
      .filter(text => text !== undefined)
      .join(' '),
    [
      // Without an engine is what is asked already.
      ...withEngineOnly(engineProblem?.todo ?? []),
      ...((isOwn && kernelRoot?.problem?.todo) || []),
      DISTROLESS_HERE,
    ],
  )
}

interface Work {
  readonly io: Io
  readonly choice: RootChoice
  /** Null to configure on this machine's own kernel. */
  readonly client: Client | null
  readonly ownArch: string
  readonly words: Words
  readonly lock: PackagesLock | null
  readonly sboms: readonly SbomPlace[]
  readonly own: readonly OwnFile[]
  readonly output: RootOutput
}

const make = async (work: Work): Promise<number> => {
  const { io, choice, client, ownArch, words, lock: locked, sboms, own, output } = work
  const stopping = new AbortController()
  const stop = (signal: NodeJS.Signals) => stopping.abort(new StoppedError(signal))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  const runId = newRunId()
  const news = rootNews(choice, io.err)
  let facts: RootFacts | null = null
  try {
    const root = await requestFor(choice, assetsFolder(), Date.now())
    const { set, lock, unrun } = await makeRoot(
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
          ...(words.values['cache-size'] !== undefined && {
            mostCacheBytes: bytesOf(words.values['cache-size']),
          }),
        },
        assets: assetsFolder(),
        client,
        platform: ownArch === choice.arch ? null : `linux/${choice.arch}`,
        slim: words.switches.has('slim') || locked?.slim === true,
        ...(locked !== null && { locked }),
        own,
        epoch: epochIn(io.env),
        runId,
        signal: stopping.signal,
        hear: news,
      },
      async tar => {
        const watched = sboms.length === 0 ? null : watchPackages(tar)
        await output(watched?.tar ?? tar)
        facts = (await watched?.facts) ?? null
      },
    )
    const place = words.values['lock']
    if (place !== undefined) await writeAt(resolve(io.cwd, place), lockText(lock))
    if (facts !== null) await writeSboms(sboms, { choice, facts, set })
    if (unrun.length > 0) news.note(unrunWords(unrun))
    await news.done(set)
    return EXIT.done
  } catch (error) {
    throw stopping.signal.aborted ? stopping.signal.reason : plainOf(error)
  } finally {
    for (const signal of signals) process.off(signal, stop)
    if (stopping.signal.aborted && client !== null) await sweepRun(client, runId, 10)
  }
}

const UNITS = { '': 1, K: 1e3, M: 1e6, G: 1e9 } as const

const bytesOf = (text: string): number => {
  const [, number, unit = ''] = /^(\d{1,6}(?:\.\d+)?) ?([KMG]?)B?$/.exec(text.toUpperCase()) ?? []
  if (number !== undefined) return Number(number) * UNITS[unit as keyof typeof UNITS]
  throw new UsageError(`--cache-size "${text}" is not a size.`, ['Write it as --cache-size 2GB'])
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
const epochIn = ({ SOURCE_DATE_EPOCH: text }: NodeJS.ProcessEnv): number | null => {
  if (text === undefined || text === '') return null
  if (/^\d{1,11}$/.test(text)) return Number(text)
  throw new UsageError(
    `SOURCE_DATE_EPOCH is "${text}", which is not a number of seconds since 1970.`,
  )
}
