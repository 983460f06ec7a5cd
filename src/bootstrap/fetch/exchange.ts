import type {
  ClientRequest,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
  IncomingMessage,
} from 'node:http'
import type { Agents, Route } from './agents.ts'
import type { FetchFailure } from './failure.ts'
import { connectionFailure } from './failure.ts'
import { watch } from './watch.ts'
import type { Patience, Watch } from './watch.ts'

/** What a server answered; the body comes as it is read. */
export interface Answer {
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Throws FetchFailure when the connection fails or is too slow. */
  readonly chunks: AsyncIterable<Buffer>
  /** Leaves the body unread. */
  readonly drop: () => void
}

/** What one request needs besides its address. */
export interface RequestOptions {
  /** For messages. */
  readonly what: string
  readonly headers: Readonly<Record<string, string>>
  readonly agents: Agents
  readonly patience: Patience
  readonly signal: AbortSignal
}

const AGENT = 'create-base-image'

/**
 * Sends a GET and returns its answer once the headers are here; redirects are not followed. The body stays as it is:
 * no encoding is asked for, and none undone. Throws FetchFailure, or the signal's reason.
 */
export const exchange = async (url: URL, options: RequestOptions): Promise<Answer> => {
  options.signal.throwIfAborted()
  const route = await options.agents.route(url)
  const target = { host: url.hostname, proxy: route.proxy }
  for (;;) {
    const request = send(route, options)
    const end: { failure?: FetchFailure; now: (failure: FetchFailure) => void } = {
      now: failure => request.destroy(failure),
    }
    const kept = watch(
      { what: options.what, host: url.hostname, patience: options.patience },
      failure => {
        end.failure = failure
        end.now(failure)
      },
    )
    try {
      const response = await answered(request, kept)
      // Node tells a reader of the body nothing of why the request was destroyed.
      end.now = failure => response.destroy(failure)
      return answerOf(url, response, kept, error => meaning(end.failure ?? error, options, target))
    } catch (error) {
      kept.stop()
      // A server may close a kept connection just when we ask again: no failure of it.
      if (isStale(request, error) && !options.signal.aborted) continue
      throw meaning(error, options, target)
    }
  }
}

const meaning = (
  error: unknown,
  { signal, what }: RequestOptions,
  asked: Parameters<typeof connectionFailure>[2],
): unknown => (signal.aborted ? signal.reason : connectionFailure(error, what, asked))

const isStale = (request: ClientRequest, error: unknown): boolean =>
  request.reusedSocket &&
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'EPIPE')

const send = ({ request, options }: Route, { headers, signal }: RequestOptions): ClientRequest => {
  const own = options.headers as OutgoingHttpHeaders | undefined
  const all = { ...own, 'user-agent': AGENT, 'accept-encoding': 'identity', ...headers }
  const sent = request({ ...options, headers: all, signal })
  sent.end()
  return sent
}

const answered = (request: ClientRequest, kept: Watch): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('socket', socket => {
      if (!socket.connecting) kept.connected()
      else socket.once('connect', kept.connected)
    })
    request.once('response', resolve)
    // An error after the answer came is the body's.
    request.on('error', reject)
  })

const answerOf = (
  url: URL,
  response: IncomingMessage,
  kept: Watch,
  meaning: (error: unknown) => unknown,
): Answer => {
  const chunks = async function* (): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of response) {
        kept.received((chunk as Buffer).length)
        yield chunk as Buffer
      }
    } catch (error) {
      throw meaning(error)
    } finally {
      kept.stop()
    }
  }
  const drop = (): void => {
    kept.stop()
    response.destroy()
  }
  return {
    url,
    status: response.statusCode ?? 0,
    headers: response.headers,
    chunks: chunks(),
    drop,
  }
}
