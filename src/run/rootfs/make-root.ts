import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { planPackages } from '../../bootstrap/deb/bootstrap.ts'
import { isMerged } from '../../bootstrap/deb/merged.ts'
import { rootTar } from '../../bootstrap/deb/root-tar.ts'
import { makeFetcher, type FetcherOptions } from '../../bootstrap/fetch/fetcher.ts'
import { startUnpackers, threadsFrom } from '../../bootstrap/stage/unpackers.ts'
import type { PackageSet } from '../../bootstrap/types.ts'
import { workerFile } from '../../worker-file.ts'
import type { Client } from '../clean-up/containers.ts'
import { configureInEngine } from './engine-root.ts'
import type { RootRequest } from './request.ts'

/** What making a root filesystem needs. */
export interface Making {
  readonly root: RootRequest
  readonly fetching: FetcherOptions
  /** The folder of the files we ship. */
  readonly assets: string
  readonly client: Client
  /** `linux/arm64` when it is not the engine's own, or null. */
  readonly platform: string | null
  readonly slim: boolean
  /** Seconds since 1970 that the files bear at most; null for the index's own date. */
  readonly epoch: number | null
  readonly runId: string
  readonly signal: AbortSignal
  readonly hear: MakingNews
}

/** What is told meanwhile. */
export interface MakingNews {
  readonly planned: (set: PackageSet) => void
  readonly fetched: (done: number, bytes: number) => void
  readonly unpacked: (done: number) => void
  /** A line of configure.sh or of dpkg. */
  readonly line: (line: string) => void
}

/**
 * Makes a root filesystem of verified packages, configured by its own dpkg in a container without network, and gives its
 * tar to `write`. Returns the packages. Throws BootstrapError and the signal's reason; nothing is left in the engine.
 */
export const makeRoot = async (
  making: Making,
  write: (tar: AsyncGenerator<Uint8Array>) => Promise<void>,
): Promise<PackageSet> => {
  const { root, assets, signal, hear } = making
  const fetcher = await makeFetcher(making.fetching)
  try {
    const planned = await planPackages({ request: root.request, fetcher, signal })
    const set = { ...planned, epoch: making.epoch ?? planned.epoch }
    hear.planned(set)
    const unpackers = startUnpackers(threadsFrom(workerFile('stage')))
    let [fetched, bytes, unpacked] = [0, 0, 0]
    try {
      const staged = rootTar({
        set,
        fetcher,
        unpackers,
        script: await readFile(join(assets, 'bootstrap/configure.sh')),
        sources: sourcesIn(root, set),
        keyring: root.keyring,
        isMerged: isMerged(root.request),
        signal,
        onBytes: more => hear.fetched(fetched, (bytes += more)),
        onFetched: () => hear.fetched(++fetched, bytes),
        onUnpacked: () => hear.unpacked(++unpacked),
      })
      await configureInEngine(
        {
          client: making.client,
          platform: making.platform,
          staged,
          options: [...(making.slim ? ['--slim'] : []), ...(root.ended ? ['--ended'] : [])],
          epoch: set.epoch,
          runId: making.runId,
          signal,
          onLine: hear.line,
        },
        write,
      )
    } finally {
      await unpackers.close()
    }
    return set
  } finally {
    await fetcher.close()
  }
}

/** The image's own sources, without suites that its mirror does not have. */
const sourcesIn = ({ imageSources }: RootRequest, { missing }: PackageSet): string[] =>
  [...imageSources].flatMap(([suite, line]) =>
    missing.some(one => one.suite === suite) ? [] : line,
  )
