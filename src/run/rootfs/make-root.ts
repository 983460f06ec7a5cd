import { createHash } from 'node:crypto'
import { readAssetIn } from '../../assets.ts'
import { planPackages } from '../../bootstrap/deb/bootstrap.ts'
import { withHistory } from '../../bootstrap/deb/history.ts'
import type { PackagesLock } from '../../bootstrap/deb/lock-form.ts'
import { lockedSet, lockOf } from '../../bootstrap/deb/lock.ts'
import { isMerged } from '../../bootstrap/deb/merged.ts'
import { inPlace, type OwnFile } from '../../bootstrap/deb/own-files.ts'
import { rootKey, rootTar, type RootInput } from '../../bootstrap/deb/root-tar.ts'
import { distrolessForm } from '../../bootstrap/stage/distroless.ts'
import { seenIn } from '../../bootstrap/fetch/cache/seen.ts'
import { makeFetcher, type FetcherOptions, type RunFetcher } from '../../bootstrap/fetch/fetcher.ts'
import { startUnpackers, threadsFrom } from '../../bootstrap/stage/unpackers.ts'
import type { PackageSet } from '../../bootstrap/types.ts'
import { DISTROLESS } from '../../bootstrap/deb/variants.ts'
import { version } from '../../version.ts'
import { workerFile } from '../../worker-file.ts'
import type { Client } from '../clean-up/containers.ts'
import { configureInEngine } from './engine-root.ts'
import { configureOnKernel, roomFor } from './kernel-root.ts'
import type { RootRequest } from './request.ts'
import { inTurn, unpackTurn } from './unpack-turn.ts'

/** What making a root filesystem needs. */
export interface Making {
  readonly root: RootRequest
  readonly fetching: FetcherOptions
  /** The folder of the files we ship. */
  readonly assets: string
  /** The engine's, or null to configure on this machine's own kernel. */
  readonly client: Client | null
  /** `linux/arm64` when it is not the engine's own, or null. */
  readonly platform: string | null
  readonly slim: boolean
  /** Seconds since 1970 that the files bear at most; null for the index's own date. */
  readonly epoch: number | null
  /** The packages to take and no others; without it those of the index. */
  readonly locked?: PackagesLock
  /** A person's files and hook: see ownHook and ownCopy. */
  readonly own?: readonly OwnFile[]
  readonly runId: string
  readonly signal: AbortSignal
  readonly hear: MakingNews
}

/** What is reported meanwhile. */
export interface MakingNews {
  readonly planned: (set: PackageSet) => void
  readonly fetched: (done: number, bytes: number) => void
  readonly unpacked: (done: number) => void
  /** The unpacked packages are in the engine, so that none is fetched. */
  readonly kept: () => void
  /** A line of configure.sh or of dpkg. */
  readonly line: (line: string) => void
}

/** What a root filesystem was made of. */
export interface MadeRoot {
  readonly set: PackageSet
  /** What makes the same bytes again. */
  readonly lock: PackagesLock
  /** Packages whose scripts would have set something up, where none runs: by name, without the variant's own. */
  readonly unrun: readonly string[]
}

/**
 * Makes a root filesystem of verified packages and gives its tar to `write`: configured by its own dpkg in a container or
 * namespaces without network, or, for the variant distroless, of their files alone. Returns what it is made of. Throws BootstrapError and the signal's reason; nothing is left in the engine
 * or on this machine.
 */
export const makeRoot = async (
  making: Making,
  write: (tar: AsyncGenerator<Uint8Array>) => Promise<void>,
): Promise<MadeRoot> => {
  const { root, assets, signal, hear, locked } = making
  const addresses = root.request.sources.map(({ archive }) => archive)
  const own = await makeFetcher({ ...making.fetching, addresses })
  const fetcher = locked === undefined ? own : withHistory(own, locked)
  try {
    // An index is as large as what is unpacked at a time.
    const release = await unpackTurn(signal)
    const set = await packagesFor(making, own).finally(release)
    const lock = locked ?? newLock(making, set)
    hear.planned(set)
    const unpackers = startUnpackers(threadsFrom(workerFile('stage')))
    let [fetched, bytes, unpacked] = [0, 0, 0]
    const unrun: string[] = []
    try {
      const input: RootInput = {
        set,
        fetcher,
        unpackers,
        script: Buffer.from(readAssetIn(assets, 'bootstrap/configure.sh')),
        sources: lock.sources,
        keyring: root.keyring,
        ...(making.own !== undefined && { more: making.own }),
        isMerged: isMerged(root.request),
        signal,
        onBytes: more => hear.fetched(fetched, (bytes += more)),
        onFetched: () => hear.fetched(++fetched, bytes),
        onUnpacked: () => hear.unpacked(++unpacked),
      }
      if (root.request.variant === 'distroless')
        await write(inTurn(distrolessTar(making, input, unrun), signal))
      else await configure(making, input, write)
    } finally {
      await unpackers.close()
    }
    return { set, lock, unrun }
  } finally {
    await own.close()
  }
}

const distrolessTar = (
  { own = [] }: Making,
  input: RootInput,
  unrun: string[],
): AsyncGenerator<Uint8Array> => {
  const onUnrun = (name: string): void => {
    if (!DISTROLESS.includes(name)) unrun.push(name)
  }
  return rootTar({ ...input, form: distrolessForm({ files: inPlace(own), onUnrun }) })
}

const configure = async (
  making: Making,
  input: RootInput,
  write: (tar: AsyncGenerator<Uint8Array>) => Promise<void>,
): Promise<void> => {
  const { root, assets, signal, hear, client, platform, runId } = making
  const { set } = input
  const configuring = {
    staged: closing(rootTar(input), input.unpackers),
    options: [...(making.slim ? ['--slim'] : []), ...(root.ended ? ['--ended'] : [])],
    epoch: set.epoch,
    signal,
    onLine: hear.line,
  }
  if (client === null) {
    const script = readAssetIn(assets, 'bootstrap/own-kernel.sh')
    const staged = inTurn(configuring.staged, signal)
    return configureOnKernel({ ...configuring, staged, script, bytes: roomFor(set) }, write)
  }
  // A person's own files may be for this one image only.
  const key = making.own === undefined || making.own.length === 0 ? rootKey(input) : null
  const onKept = hear.kept
  return configureInEngine({ ...configuring, client, platform, key, onKept, runId }, write)
}

/** Threads that have nothing more to unpack hold memory while the packages are set up. */
async function* closing(
  tree: AsyncIterable<Uint8Array>,
  unpackers: RootInput['unpackers'],
): AsyncGenerator<Uint8Array> {
  yield* tree
  await unpackers.close()
}

const packagesFor = async (making: Making, fetcher: RunFetcher): Promise<PackageSet> => {
  const { root, signal, slim, epoch, locked } = making
  const { request } = root
  if (locked !== undefined)
    return lockedSet(locked, {
      ...request,
      slim,
      epoch,
      keyring: keyringHash(root),
      own: ownHash(making.own),
    })
  const planned = await planPackages({
    request,
    fetcher,
    signal,
    seen: seenIn(fetcher.store.folder),
  })
  return { ...planned, epoch: epoch ?? planned.epoch }
}

const newLock = ({ root, slim, own }: Making, set: PackageSet): PackagesLock => {
  const rest = {
    tool: version(),
    slim,
    keyring: keyringHash(root),
    own: ownHash(own),
    sources: sourcesIn(root, set),
  }
  return lockOf(root.request, set, rest, suite => root.imageSources.get(suite)?.split(' ')[0])
}

const ownHash = (own: readonly OwnFile[] = []): string | null => {
  if (own.length === 0) return null
  const hash = createHash('sha256')
  for (const { path, mode, bytes } of own)
    hash.update(`${JSON.stringify([path, mode, bytes.length])}\n`).update(bytes)
  return hash.digest('hex')
}

const keyringHash = ({ keyring }: RootRequest): string | null =>
  keyring === null ? null : createHash('sha256').update(keyring).digest('hex')

/** The image's own sources, without suites that its mirror does not have. */
const sourcesIn = ({ imageSources }: RootRequest, { missing }: PackageSet): string[] =>
  [...imageSources].flatMap(([suite, line]) =>
    missing.some(one => one.suite === suite) ? [] : line,
  )
