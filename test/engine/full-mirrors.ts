import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { docker } from './engine.ts'

/** A mirror of Debian at the engine's gateway. */
export interface DebianMirror {
  /** What debootstrap takes as MIRROR. */
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Passes on what the Debian mirror of this machine's own apt sources has. What fails there is asked for again, and
 * packages are kept in scripts/stand-in.sh's cache: the tests are about images, not about the network.
 */
export const debianMirror = async (): Promise<DebianMirror> => {
  const server = createServer(({ url = '/', method = 'GET' }, to) => {
    const path = url.replace(/^\/debian/, '')
    void fromMirror(path, method).then(
      ({ status, body }) => to.writeHead(status, { 'Content-Length': body.length }).end(body),
      () => to.writeHead(502).end(),
    )
  })
  const host = await gateway()
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/debian`,
    close: () => close(server),
  }
}

/** The Debian mirror that this machine's own apt sources name, without a slash at its end; null when none has bookworm. */
export const ownMirror = (): string | null => (mirror ??= findMirror())

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

/** Puts a server before a mirror that may answer itself, and passes on what it does not. */
const inFront = async (
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
  onTestFinished(() => close(server))
  return `http://${hostname}:${(server.address() as AddressInfo).port}${pathname}`
}

const close = async (server: Server): Promise<void> => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}

const gateway = async (): Promise<string> => {
  const format = '{{(index .IPAM.Config 0).Gateway}}'
  return (await docker(['network', 'inspect', '--format', format, 'bridge'])).stdout
}

interface Answer {
  readonly status: number
  readonly body: Buffer
}

const CACHE = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'create-base-image-tests',
  'packages',
)

/** `path` is what comes behind the mirror's own address; a file in the pool never changes under its name. */
const fromMirror = async (path: string, method: string): Promise<Answer> => {
  const kept = join(CACHE, basename(path))
  const isPackage = path.endsWith('.deb')
  if (isPackage && existsSync(kept)) return { status: 200, body: await readFile(kept) }
  const answer = await askMirror(`${ownMirror()}${path}`, method)
  if (!isPackage || method !== 'GET' || answer.status !== 200) return answer
  await mkdir(CACHE, { recursive: true })
  const partial = `${kept}.${randomUUID()}`
  await writeFile(partial, answer.body)
  await rename(partial, kept)
  return answer
}

const askMirror = async (url: string, method: string, tries = 3): Promise<Answer> => {
  try {
    const answer = await fetch(url, { method, signal: AbortSignal.timeout(20_000) })
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) }
  } catch (error) {
    if (tries === 1) throw error
    return askMirror(url, method, tries - 1)
  }
}

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url))

let mirror: string | null | undefined

const findMirror = (): string | null => {
  const script = '. "$0/mirrors.sh"; first_mirror bookworm'
  const { status, stdout } = spawnSync('bash', ['-c', script, SCRIPTS], { encoding: 'utf8' })
  return status === 0 ? stdout.trim().replace(/\/+$/, '') : null
}
