import { setMaxListeners } from 'node:events'
import { BootstrapError } from '../errors.ts'
import type { Fetcher } from '../types.ts'
import type { KeyRing } from './keys.ts'
import { openPackage, withoutFiles } from './package.ts'
import type { OpenPackage } from './package.ts'
import { readIndex } from './read-index.ts'
import { fullName } from './types.ts'
import type { ApkPackage, ApkRequest, Repository } from './types.ts'

const MOST_INDEX = 64 * 1024 * 1024
/** Packages are held in memory while the root filesystem is written. */
const MOST_PACKAGES = 1024 * 1024 * 1024
const AT_ONCE = 8

type Where = Pick<
  ApkRequest,
  'mirror' | 'branch' | 'repositories' | 'isPartial' | 'architecture' | 'signal' | 'onProgress'
>

/**
 * Returns the repositories of a release with their verified indexes; those that a partial mirror lacks are left out.
 * Throws BootstrapError.
 */
export const fetchRepositories = async (
  request: Where,
  keys: KeyRing,
  fetcher: Fetcher,
): Promise<Repository[]> => {
  const found = await Promise.all(
    request.repositories.map((_, place) =>
      fetchRepository(request, place, keys, fetcher).catch((error: unknown) => {
        const lacking = lacksRelease(error, request)
        if (lacking !== null && request.isPartial && place > 0) return null
        throw lacking ?? error
      }),
    ),
  )
  return found.filter(each => each !== null)
}

const fetchRepository = async (
  request: Where,
  place: number,
  keys: KeyRing,
  fetcher: Fetcher,
): Promise<Repository> => {
  const { branch, architecture, signal, onProgress } = request
  const name = request.repositories[place] ?? ''
  const what = `the index of ${branch}/${name} for ${architecture}`
  const url = `${folderOf(request, place)}/APKINDEX.tar.gz`
  const { bytes } = await fetcher.bytes({ url, what, maxBytes: MOST_INDEX, signal })
  const index = await readIndex(bytes, keys, { what, repository: place })
  const total = request.repositories.length
  onProgress?.({ phase: 'index', done: place + 1, total, subject: name })
  return { name, ...index }
}

const folderOf = (request: Where, place: number): string =>
  [
    request.mirror.replace(/\/+$/, ''),
    request.branch,
    request.repositories[place],
    request.architecture,
  ].join('/')

const lacksRelease = (error: unknown, request: Where): BootstrapError | null =>
  error instanceof BootstrapError && error.code === 'not-found'
    ? new BootstrapError(
        'release-missing',
        `The mirror has no ${request.branch} for ${request.architecture}.`,
        [
          'Look at the release and the architecture: create-base-image releases',
          '--mirror is the folder that has v3.20/main/x86_64 in it.',
        ],
        error,
      )
    : null

interface Wanted {
  readonly chosen: readonly ApkPackage[]
  readonly keys: KeyRing
  readonly fetcher: Fetcher
}

/** Returns packages, fetched and verified, in the order of `chosen`. Throws BootstrapError. */
export const fetchPackages = async (
  request: Where,
  { chosen, keys, fetcher }: Wanted,
): Promise<OpenPackage[]> => {
  const total = chosen.reduce((sum, each) => sum + each.size, 0)
  if (total > MOST_PACKAGES) throw tooMuch(total)
  let done = 0
  const opened: OpenPackage[] = []
  const queue = [...chosen.entries()]
  const stop = new AbortController()
  const signal = AbortSignal.any([request.signal, stop.signal])
  // Each download listens while it comes; Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal)
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, each] = next
      if (each.installedSize === 0) {
        opened[at] = withoutFiles(each)
        continue
      }
      const { bytes } = await fetcher.bytes({
        url: `${folderOf(request, each.repository)}/${fullName(each)}.apk`,
        what: fullName(each),
        size: each.size,
        maxBytes: each.size,
        signal,
        onBytes: count => {
          done += count
          request.onProgress?.({ phase: 'packages', done, total, subject: fullName(each) })
        },
      })
      opened[at] = await openPackage(bytes, each, keys)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } catch (error) {
    stop.abort()
    request.signal.throwIfAborted()
    throw lacksPackage(error) ?? error
  }
  return opened
}

const lacksPackage = (error: unknown): BootstrapError | null =>
  error instanceof BootstrapError && error.code === 'not-found'
    ? new BootstrapError(error.code, `${error.message} The index names it.`, [
        'The mirror is in the middle of an update: try another --mirror, or later.',
      ])
    : null

const tooMuch = (total: number): BootstrapError =>
  new BootstrapError(
    'too-large',
    `These packages are ${Math.round(total / 1e6)} MB, more than are made without an engine (1073 MB).`,
    ['Make the image in a container instead: --engine docker or --engine podman.'],
  )
