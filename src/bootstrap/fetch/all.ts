import { setMaxListeners } from 'node:events'
import type { FetchedFile, Fetcher, FetchRequest } from '../types.ts'
import { BootstrapError } from '../errors.ts'

/** A file of several that are fetched together. */
export type FileRequest = FetchRequest & { readonly sha256: string; readonly size: number }

/**
 * Fetches files together and gives each to `arrived` with its index as it comes, in any order. The first failure ends the
 * others; only what an offline cache lacks is collected, so that the message names all of it. Throws BootstrapError.
 */
export const fetchAll = async (
  fetcher: Fetcher,
  requests: readonly Omit<FileRequest, 'signal'>[],
  signal: AbortSignal,
  arrived: (index: number, file: FetchedFile) => void,
): Promise<void> => {
  const ending = new AbortController()
  const both = AbortSignal.any([signal, ending.signal])
  // Each file listens while it comes; Node takes more than ten listeners for a leak.
  setMaxListeners(0, both)
  const lacking: string[] = []
  const failures: unknown[] = []
  const one = async (request: Omit<FileRequest, 'signal'>, index: number): Promise<void> => {
    try {
      arrived(index, await fetcher.file({ ...request, signal: both }))
    } catch (error) {
      if (error instanceof BootstrapError && error.code === 'offline-lacks') {
        lacking.push(request.what)
        return
      }
      failures.push(error)
      ending.abort(error)
    }
  }
  await Promise.all(requests.map(one))
  if (failures.length > 0) throw failures[0]
  if (lacking.length > 0) throw allLacking(lacking)
}

const MOST_NAMED = 20

const allLacking = (names: readonly string[]): BootstrapError => {
  const shown = names.slice(0, MOST_NAMED).join(', ')
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : ''
  return new BootstrapError(
    'offline-lacks',
    `The cache lacks ${names.length} of the files that are needed, and --offline fetches none: ${shown}${more}.`,
    ['Run the same command once without --offline.'],
  )
}
