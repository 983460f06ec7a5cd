import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { BootstrapError } from '../errors.ts'
import { fetchAll } from '../fetch/all.ts'
import { stageKey } from '../stage/stage-key.ts'
import { stageTar, type StageForm } from '../stage/stage-tar.ts'
import type { Unpackers } from '../stage/unpackers.ts'
import type { Fetcher, PackageRecord, PackageSet } from '../types.ts'
import { ownFiles, type OwnInput } from './own-files.ts'

/** What a root filesystem is staged from. */
export interface RootInput extends Omit<OwnInput, 'extra'> {
  readonly set: PackageSet
  readonly fetcher: Fetcher
  readonly unpackers: Unpackers
  readonly isMerged: boolean
  /** A tree that is not to be configured has a form of its own, without configure.sh. */
  readonly form?: StageForm
  readonly signal: AbortSignal
  /** Bytes of packages that have newly arrived. */
  readonly onBytes?: (bytes: number) => void
  /** A package is in the cache. */
  readonly onFetched?: (record: PackageRecord) => void
  readonly onUnpacked?: (record: PackageRecord) => void
}

/** Returns the key of what rootTar gives: what decides its bytes, and nothing else. */
export const rootKey = (input: RootInput): string =>
  stageKey({
    packages: stagedOf(input.set),
    files: ownFiles({ ...input, extra: ({ sha256 }) => Buffer.from(sha256) }),
    isMerged: input.isMerged,
    epoch: input.set.epoch,
  })

const stagedOf = ({ required, base }: PackageSet): PackageRecord[] =>
  [...required, ...base].sort(byName)

/**
 * Returns the tar of a root filesystem whose packages are unpacked and not configured, with configure.sh in it unless it has a form of its own. Packages
 * are fetched meanwhile, several at once, and each is unpacked as it comes. The same packages give the same bytes.
 * Throws BootstrapError.
 */
export const rootTar = async function* (input: RootInput): AsyncGenerator<Uint8Array> {
  const { set, fetcher, unpackers, isMerged, form, signal, onBytes, onFetched, onUnpacked } = input
  const packages = stagedOf(set)
  const all = [...packages, ...set.extras]
  const ending = new AbortController()
  const both = AbortSignal.any([signal, ending.signal])
  const places = all.map(later<string>)
  const requests = all.map(record => ({ ...requestOf(record), ...(onBytes && { onBytes }) }))
  const fetching = fetchAll(fetcher, requests, both, (index, { path }) => {
    places[index]!.resolve(path)
    onFetched?.(all[index]!)
  })
  fetching.catch((error: unknown) => {
    for (const { reject } of places) reject(error)
  })
  const extras = new Map<string, string>()
  const last = packages.length - 1
  const arrival = async (index: number): Promise<string> => {
    // The extra packages are written after the last of the others.
    if (index === last)
      for (const [n, { sha256 }] of set.extras.entries())
        extras.set(sha256, await places[packages.length + n]!.promise)
    return places[index]!.promise
  }
  try {
    yield* stageTar({
      packages,
      arrival,
      unpackers,
      isMerged,
      ...(form === undefined
        ? {
            files: ownFiles({
              ...input,
              extra: record => readChecked(record, extras.get(record.sha256)!),
            }),
          }
        : { form, files: [] }),
      epoch: set.epoch,
      signal,
      ...(onUnpacked && { onPackage: onUnpacked }),
    })
  } finally {
    ending.abort()
    await fetching.catch(() => undefined)
  }
}

const byName = (a: PackageRecord, b: PackageRecord): number => (a.name < b.name ? -1 : 1)

const requestOf = ({ name, version, url, sha256, size }: PackageRecord) => ({
  url,
  what: `${name} ${version}`,
  sha256,
  size,
  maxBytes: size,
})

interface Later<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

/** A promise that is settled from outside; nobody has to wait for it. */
const later = <T>(): Later<T> => {
  let settle: Omit<Later<T>, 'promise'> | undefined
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  promise.catch(() => undefined)
  return { promise, ...settle! }
}

/** Whoever can write to the cache must not be able to change an image. */
const readChecked = ({ name, version, sha256 }: PackageRecord, path: string): Buffer => {
  const bytes = readFileSync(path)
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
  throw new BootstrapError('cache-damaged', `${name} ${version} was changed in the cache.`, [
    'Run create-base-image clean --cache, then the same command again.',
  ])
}
