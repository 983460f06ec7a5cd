import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { afterEach } from 'vitest'
import { makeFetcher } from '../../../src/bootstrap/fetch/fetcher.ts'
import type { FetcherOptions, RunFetcher } from '../../../src/bootstrap/fetch/fetcher.ts'
import type { Retry } from '../../../src/bootstrap/fetch/retry.ts'
import type { FileRequest } from '../../../src/bootstrap/fetch/all.ts'

const endings: (() => unknown)[] = []

/** Has something done after the test that runs. */
export const atEnd = (work: () => unknown): void => void endings.push(work)

afterEach(async () => {
  while (endings.length > 0) await endings.pop()?.()
})

/** Returns a new folder, removed after the test. */
export const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'fetch-test-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export interface TestServer {
  readonly url: string
  readonly port: number
  /** Method and path of each request, in order. */
  readonly asked: string[]
  readonly requests: IncomingMessage[]
  readonly sockets: Set<Socket>
}

export const CERTIFICATE = new URL('../../fixtures/tls/localhost.crt', import.meta.url).pathname

/** Starts a loopback server that answers as `answer` says; it ends after the test. */
export const serve = async (answer: RequestListener, secure = false): Promise<TestServer> => {
  const asked: string[] = []
  const requests: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${request.method} ${request.url}`)
    requests.push(request)
    answer(request, response)
  }
  const cert = readFileSync(CERTIFICATE)
  const key = readFileSync(CERTIFICATE.replace('.crt', '.key'))
  const server = secure ? createSecureServer({ cert, key }, listener) : createServer(listener)
  server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`, port, asked, requests, sockets }
}

export interface Told {
  readonly fetcher: RunFetcher
  readonly retries: Retry[]
  readonly notes: string[]
  readonly cache: string
}

/** Patience and persistence short enough for a test. */
export const SHORT = {
  patience: { connectMs: 400, silenceMs: 400, slowMs: 60_000, slowBytes: 60_000 },
  persistence: { attempts: 3, waitSeconds: 0.01 },
}

/** Returns a fetcher with a new cache that keeps what it is told. */
export const fetcherFor = async (options: Partial<FetcherOptions> = {}): Promise<Told> => {
  const retries: Retry[] = []
  const notes: string[] = []
  const cache = options.cache ?? (await newFolder())
  const fetcher = await makeFetcher({
    env: {},
    cache,
    ...SHORT,
    onRetry: retry => retries.push(retry),
    onNote: note => notes.push(note),
    ...options,
  })
  atEnd(() => fetcher.close())
  return { fetcher, retries, notes, cache }
}

/** Returns a request for some bytes at an address. */
export const wanting = (url: string, bytes: Uint8Array): FileRequest => ({
  url,
  what: 'hello 1.0',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  size: bytes.length,
  maxBytes: 1e9,
  signal: new AbortController().signal,
})
