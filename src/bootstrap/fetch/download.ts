import type { IncomingHttpHeaders } from 'node:http'
import type { FetchRequest } from '../types.ts'
import { checkStatus, noPage } from './answer.ts'
import { checkAnnounced, checkBytes, checkWhole, hashWrong } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import type { Partial } from './cache/partial.ts'
import type { Answer, RequestOptions } from './exchange.ts'
import { FetchFailure } from './failure.ts'
import { follow } from './follow.ts'

/** A request for a file whose hash is known. */
export type HashedRequest = FetchRequest & { readonly sha256: string }

/**
 * Brings the rest of a file into `partial` and commits it when its size and hash are right; returns its path.
 * A cut connection leaves what came, for the next try; wrong bytes are dropped. Throws FetchFailure.
 */
export const download = async (
  request: HashedRequest,
  partial: Partial,
  options: RequestOptions,
  tell: (there: number) => void,
): Promise<string> => {
  const there = partial.size()
  const bounds = boundsOf(request)
  try {
    if (there === 0 || there !== request.size) await bring(request, partial, options, tell)
    checkWhole(partial.size(), bounds)
    if (partial.sha256() !== request.sha256) throw hashWrong(bounds, there > 0)
    return await partial.commit()
  } catch (error) {
    await (isCut(error, options.signal) ? partial.keep() : partial.drop())
    throw error
  }
}

const isCut = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted ||
  (error instanceof FetchFailure && ['truncated', 'stalled', 'unreachable'].includes(error.code))

/** Returns what is known of a file before it comes. */
export const boundsOf = ({ what, url, size, maxBytes }: FetchRequest): Bounds => ({
  what,
  host: new URL(url).hostname,
  size,
  maxBytes,
})

const bring = async (
  request: HashedRequest,
  partial: Partial,
  options: RequestOptions,
  tell: (there: number) => void,
): Promise<void> => {
  const bounds = boundsOf(request)
  const answer = await from(request, partial, options)
  const isRest = answer.status === 206
  if (!isRest && partial.size() > 0) await partial.restart()
  tell(partial.size())
  const body = isRest ? answer.chunks : noPage(answer, request.what)
  let isFirst = true
  for await (const chunk of body) {
    // A web page instead of the file is reported as one, so its length is looked at after its beginning.
    if (isFirst && !isRest) checkAnnounced(lengthOf(answer.headers), bounds)
    isFirst = false
    checkBytes(partial.size() + chunk.length, bounds)
    await partial.write(chunk)
    tell(partial.size())
  }
}

// A server may ignore a range (200), or have no such range (416): then the file is asked for from its beginning.
const from = async (
  request: HashedRequest,
  partial: Partial,
  options: RequestOptions,
): Promise<Answer> => {
  const there = partial.size()
  if (there > 0) {
    const range = { ...options.headers, range: `bytes=${there}-` }
    const answer = await follow(request.url, { ...options, headers: range })
    const isRest = answer.status === 206 && startOf(answer.headers) === there
    if (isRest || answer.status === 200) return answer
    if (answer.status !== 206 && answer.status !== 416) checkStatus(answer, request.what)
    answer.drop()
    await partial.restart()
  }
  const answer = await follow(request.url, options)
  checkStatus(answer, request.what)
  if (answer.status === 200) return answer
  answer.drop()
  throw new FetchFailure('server-refused', `${request.what}: ${answer.url.hostname} sent a part.`, {
    isPassing: false,
    todo: ['Name another mirror with --mirror.'],
  })
}

const startOf = (headers: IncomingHttpHeaders): number =>
  Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? -1)

/** Returns the length that a server announces, in bytes, or undefined. */
export const lengthOf = (headers: IncomingHttpHeaders): number | undefined => {
  const text = headers['content-length']
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Returns a function to call with how many bytes of a file are there; bytes that come a second time are not handed on again. */
export const teller = ({ onBytes }: FetchRequest): ((there: number) => void) => {
  let told = 0
  return there => {
    if (there > told) onBytes?.(there - told)
    told = Math.max(told, there)
  }
}
