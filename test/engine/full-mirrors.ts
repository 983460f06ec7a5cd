import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { closeServer } from './serve.ts'

/**
 * The mirror of Debian that near-mirror.ts gives the tests, without a slash at its end; null when this machine's own apt
 * sources name none.
 */
export const ownMirror = (): string | null => process.env.CBI_MIRROR ?? null

/** Puts a door before a mirror that opens only for `user:password`; gives its address without them. */
export const guarded = (url: string, credentials: string): Promise<string> => {
  const expected = `Basic ${Buffer.from(credentials).toString('base64')}`
  return inFront(url, (from, to) => {
    if (from.headers.authorization === expected) return false
    to.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end()
    return true
  })
}

/** Makes a mirror show its folder `dists`, as those of the distributions do; gives the address. */
export const showingDists = (url: string): Promise<string> =>
  inFront(url, (from, to) => {
    if (from.url?.endsWith('/dists/') !== true) return false
    to.end('<title>Index of dists</title>\n')
    return true
  })

/** Puts a server before a mirror until the test ends, which may answer itself and passes on what it does not; gives its address. */
export const inFront = async (
  url: string,
  answers: (from: IncomingMessage, to: ServerResponse) => boolean,
): Promise<string> => {
  const { hostname, port, pathname } = new URL(url)
  const server = createServer((from, to) => {
    if (answers(from, to)) return
    const on = request({ hostname, port, path: from.url, method: from.method }, answer => {
      to.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(to)
    })
    on.on('error', () => to.destroy())
    on.end()
  })
  await new Promise<void>(resolve => server.listen(0, hostname, resolve))
  onTestFinished(() => closeServer(server))
  return `http://${hostname}:${(server.address() as AddressInfo).port}${pathname}`
}
