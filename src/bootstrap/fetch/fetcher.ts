import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FetchedBytes, FetchedFile, Fetcher, FetchRequest } from '../types.ts'
import { makeAgents, SOCKETS } from './agents.ts'
import { MOST_CACHE_BYTES, trimCache } from './cache/evict.ts'
import { cacheFolder } from './cache/folder.ts'
import { openStore } from './cache/store.ts'
import type { Store } from './cache/store.ts'
import { current, keptCopy } from './current.ts'
import { boundsOf, download, teller } from './download.ts'
import type { HashedRequest } from './download.ts'
import type { RequestOptions } from './exchange.ts'
import { FetchFailure } from './failure.ts'
import { gate } from './gate.ts'
import { hashWrong } from './bounds.ts'
import { PERSISTENCE, persistently } from './retry.ts'
import type { Persistence, Retry } from './retry.ts'
import { PATIENCE } from './watch.ts'
import type { Patience } from './watch.ts'

/** How a run fetches; all but the environment have defaults. */
export interface FetcherOptions {
  /** Proxies and certificates are taken from it. */
  readonly env: NodeJS.ProcessEnv
  /** Addresses whose logins are known from the start: with a lock no index is asked before the packages. */
  readonly addresses?: readonly string[]
  readonly cache?: string
  readonly mostCacheBytes?: number
  readonly isOffline?: boolean
  readonly patience?: Patience
  readonly persistence?: Persistence
  /** A try failed and another one will be made. */
  readonly onRetry?: (retry: Retry) => void
  /** A sentence about the cache that a person should know. */
  readonly onNote?: (sentence: string) => void
}

/** A fetcher with its cache; to be closed at the end of the run. */
export interface RunFetcher extends Fetcher {
  readonly store: Store
  /** Ends connections, removes temporary files, and removes from the cache what is beyond its size. */
  readonly close: () => Promise<void>
}

/** Returns a fetcher with at most eight downloads at once and its cache. */
export const makeFetcher = async (options: FetcherOptions): Promise<RunFetcher> => {
  const store = await openStore(options.cache ?? cacheFolder(), options.onNote ?? ignore)
  const agents = makeAgents(options.env)
  const isOffline = options.isOffline ?? false
  const limited = gate(SOCKETS)
  const reading = gate(READERS)
  const tries = persistence(options)
  const under = new Map<string, Promise<FetchedFile>>()
  const known = logins()
  // What still comes when a run has failed by another file is not waited for, nor tried again.
  const closing = new AbortController()
  const prepared = <Request extends FetchRequest>(asked: Request): Request => {
    const signal = AbortSignal.any([asked.signal, closing.signal])
    return { ...asked, url: known(asked.url), signal }
  }
  for (const address of options.addresses ?? []) known(address)
  const askFor = ({ what, signal }: FetchRequest): RequestOptions => {
    return { what, headers: {}, agents, patience: options.patience ?? PATIENCE, signal }
  }
  const bring = async (request: HashedRequest): Promise<FetchedFile> => {
    const found = await reading(() => store.find(request.sha256, request.signal))
    if (found !== null) {
      request.onBytes?.(request.size ?? 0)
      return { path: found, from: 'cache' }
    }
    if (isOffline) throw lacks(request)
    const tell = teller(request)
    const once = (): Promise<string> => downloadTo(store, request, askFor(request), tell)
    return { path: await limited(() => tries(request, once)), from: 'network' }
  }
  const file = (asked: HashedRequest): Promise<FetchedFile> => {
    const request = prepared(asked)
    const same = under.get(request.sha256)
    if (same !== undefined) return told(same, request)
    const work = bring(request).finally(() => under.delete(request.sha256))
    under.set(request.sha256, work)
    return work
  }
  const bytes = async (asked: FetchRequest): Promise<FetchedBytes> => {
    const { sha256 } = asked
    if (sha256 !== undefined) return readBack(await file({ ...asked, sha256 }), asked)
    const request = prepared(asked)
    if (!isOffline)
      return limited(() => tries(request, () => current(request, store, askFor(request))))
    const kept = await keptCopy(request, store)
    if (kept === null) throw lacks(request)
    request.onBytes?.(kept.bytes.length)
    return { bytes: kept.bytes, from: 'cache' }
  }
  const close = async (): Promise<void> => {
    closing.abort()
    agents.close()
    await store.close()
    await trimCache(store.folder, options.mostCacheBytes ?? MOST_CACHE_BYTES)
  }
  return { bytes, file, store, close }
}

/** The login that one address of a host has is used for the others there, which are written without it. */
const logins = (): ((address: string) => string) => {
  const known = new Map<string, string>()
  return address => {
    if (!URL.canParse(address)) return address
    const { origin, username, password } = new URL(address)
    const login =
      username === '' && password === '' ? known.get(origin) : `${username}:${password}@`
    if (login === undefined) return address
    known.set(origin, login)
    const url = new URL(address)
    return username === '' && password === '' ? url.href.replace('://', `://${login}`) : address
  }
}

// Files of the cache that are hashed at once; more would only wait for the disk.
const READERS = 4

const ignore = (): void => undefined

const told = async (same: Promise<FetchedFile>, request: HashedRequest): Promise<FetchedFile> => {
  const file = await same
  request.onBytes?.(request.size ?? 0)
  return file
}

type Tries = <T>(request: FetchRequest, work: () => Promise<T>) => Promise<T>

// Once a host is gone for good, each further file asks it once: the network is not waited for file by file.
const persistence = ({
  persistence: most = PERSISTENCE,
  onRetry = ignore,
}: FetcherOptions): Tries => {
  const gone = new Set<string>()
  return async (request, work) => {
    const { host } = new URL(request.url)
    const attempts = gone.has(host) ? 1 : most.attempts
    try {
      const result = await persistently(work, { ...most, attempts }, request.signal, onRetry)
      gone.delete(host)
      return result
    } catch (error) {
      if (error instanceof FetchFailure && ['unreachable', 'stalled'].includes(error.code))
        gone.add(host)
      throw error
    }
  }
}

const downloadTo = async (
  store: Store,
  request: HashedRequest,
  options: RequestOptions,
  tell: (there: number) => void,
): Promise<string> => {
  const most = request.size ?? request.maxBytes
  for (;;) {
    try {
      const partial = await store.begin(request.sha256, most)
      return await download(request, partial, options, tell)
    } catch (error) {
      if (error instanceof FetchFailure) throw error
      options.signal.throwIfAborted()
      await store.giveUp(error)
    }
  }
}

const readBack = async (
  { path, from }: FetchedFile,
  request: FetchRequest,
): Promise<FetchedBytes> => {
  const bytes = await readFile(path)
  const isRight = createHash('sha256').update(bytes).digest('hex') === request.sha256
  if (!isRight) throw hashWrong({ ...boundsOf(request), host: 'the cache' }, false)
  return { bytes, from }
}

const lacks = ({ what }: FetchRequest): FetchFailure =>
  new FetchFailure(
    'offline-lacks',
    `The cache has no copy of ${what}, and --offline fetches none.`,
    {
      isPassing: false,
      todo: ['Run the same command once without --offline.'],
    },
  )
