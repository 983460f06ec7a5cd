import { setTimeout as sleep } from 'node:timers/promises'
import { FetchFailure } from './failure.ts'

/** A try that failed and will be made again. */
export interface Retry {
  /** What failed and why, a sentence. */
  readonly reason: string
  /** The number of the try that comes, from 2 on. */
  readonly attempt: number
  readonly of: number
  readonly waitSeconds: number
}

/** How often to try, and how long to wait before the second try; each further wait is three times as long. */
export interface Persistence {
  readonly attempts: number
  readonly waitSeconds: number
}

/** Four tries, after 0.5, 1.5 and 4.5 s. */
export const PERSISTENCE: Persistence = { attempts: 4, waitSeconds: 0.5 }

/** Returns what `work` returns; a failure that may pass is tried again, and reported to `onRetry`. Throws the last failure. */
export const persistently = async <T>(
  work: (attempt: number) => Promise<T>,
  { attempts, waitSeconds }: Persistence,
  signal: AbortSignal,
  onRetry: (retry: Retry) => void,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (!(error instanceof FetchFailure) || !error.isPassing || attempt >= attempts) throw error
      const wait = error.waitSeconds ?? waitSeconds * 3 ** (attempt - 1)
      onRetry({ reason: error.message, attempt: attempt + 1, of: attempts, waitSeconds: wait })
      await sleep(wait * 1000, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}
