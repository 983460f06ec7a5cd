import { FetchFailure } from './failure.ts'
import { counted } from '../../text/units.ts'

/** How long a request may take to do nothing. */
export interface Patience {
  /** Until the connection stands. */
  readonly connectMs: number
  /** Between two pieces, and until the first. */
  readonly silenceMs: number
  /** A whole window with fewer bytes than `slowBytes` ends the request. */
  readonly slowMs: number
  readonly slowBytes: number
}

/** 20 s to connect, 30 s of silence, and 1 kB a second over a minute. */
export const PATIENCE: Patience = {
  connectMs: 20_000,
  silenceMs: 30_000,
  slowMs: 60_000,
  slowBytes: 60_000,
}

// A look that comes later than this means that we slept, not that the server was silent.
const LATE_MS = 5000

/** Watches one request. */
export interface Watch {
  readonly connected: () => void
  readonly received: (bytes: number) => void
  readonly stop: () => void
}

/** Calls `end` once with a FetchFailure `stalled` or `unreachable` when a request takes longer than patience allows. */
export const watch = (
  { what, host, patience }: { what: string; host: string; patience: Patience },
  end: (failure: FetchFailure) => void,
): Watch => {
  let isConnected = false
  let last = Date.now()
  let window = { since: last, bytes: 0 }
  let looked = last
  const every = Math.min(1000, patience.connectMs / 4, patience.silenceMs / 4)
  const look = (): void => {
    const now = Date.now()
    const isLate = now - looked > every + LATE_MS
    looked = now
    if (isLate) return begin(now)
    const silence = now - last
    if (!isConnected && silence > patience.connectMs)
      return breach(noConnection(what, host, silence))
    if (isConnected && silence > patience.silenceMs) return breach(silent(what, host, silence))
    if (now - window.since < patience.slowMs) return
    if (isConnected && window.bytes < patience.slowBytes) {
      return breach(slow(what, host, window.bytes, now - window.since))
    }
    window = { since: now, bytes: 0 }
  }
  const begin = (now: number): void => {
    last = now
    window = { since: now, bytes: 0 }
  }
  const timer = setInterval(look, every)
  const stop = (): void => clearInterval(timer)
  const breach = (failure: FetchFailure): void => {
    stop()
    end(failure)
  }
  return {
    connected: () => {
      isConnected = true
      begin(Date.now())
    },
    received: bytes => {
      last = Date.now()
      window.bytes += bytes
    },
    stop,
  }
}

const seconds = (ms: number): string => `${Math.max(1, Math.round(ms / 1000))} s`

const TRY = ['Try again later, or name another mirror with --mirror.']

const noConnection = (what: string, host: string, ms: number): FetchFailure =>
  new FetchFailure(
    'unreachable',
    `${what} could not be fetched: no connection to ${host} in ${seconds(ms)}.`,
    {
      isPassing: true,
      todo: ['Check the network; behind a proxy set http_proxy and https_proxy.'],
    },
  )

const silent = (what: string, host: string, ms: number): FetchFailure =>
  new FetchFailure('stalled', `${what} stopped: ${host} sent nothing for ${seconds(ms)}.`, {
    isPassing: true,
    todo: TRY,
  })

const slow = (what: string, host: string, bytes: number, ms: number): FetchFailure =>
  new FetchFailure(
    'stalled',
    `${what} is too slow: ${host} sent ${counted(bytes, 'byte')} in ${seconds(ms)}.`,
    {
      isPassing: true,
      todo: TRY,
    },
  )
