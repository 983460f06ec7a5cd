import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { homedir, networkInterfaces } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url))

/** Where scripts/stand-in.sh keeps what it made, too. */
const CACHE = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'create-base-image-tests',
  'packages',
)

/** These never change under their name; the others are asked for each time. */
const LASTS = /\.deb$|\/by-hash\/SHA256\/[0-9a-f]{64}$/

const TRIES = 5
const TOLD = ['content-type', 'etag', 'last-modified']

/**
 * Vitest's set-up for the tests of engines: passes on what the Debian mirror of this machine's own apt sources has, at
 * an address that containers of every engine here reach, and names it in CBI_MIRROR. What fails there is asked for
 * again, packages and indexes are kept, and a suite stays as it was first seen: the tests are about images, not about
 * the network, and an update of the mirror must not come between two that are compared.
 */
export const setup = async (): Promise<(() => void) | undefined> => {
  const [theirs, host] = [findMirror(), ownAddress()]
  if (theirs === null || host === undefined) return undefined
  const server = createServer((from, to) => {
    void pass(theirs, from, to).catch(() => to.writeHead(502).end())
  })
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  server.unref()
  process.env.CBI_MIRROR = `http://${host}:${(server.address() as AddressInfo).port}/debian`
  return () => {
    server.closeAllConnections()
    server.close()
  }
}

const findMirror = (): string | null => {
  const script = '. "$0/mirrors.sh"; first_mirror bookworm'
  const { status, stdout } = spawnSync('bash', ['-c', script, SCRIPTS], { encoding: 'utf8' })
  return status === 0 ? stdout.trim().replace(/\/+$/, '') : null
}

const ownAddress = (): string | undefined =>
  Object.entries(networkInterfaces())
    .filter(([name]) => !/^(?:cbi|cni|docker|podman|veth|virbr)/.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

const pass = async (theirs: string, from: IncomingMessage, to: ServerResponse): Promise<void> => {
  const path = (from.url ?? '').replace(/^\/debian/, '')
  const kept = join(CACHE, basename(path))
  const lasts = LASTS.test(path)
  if (lasts && existsSync(kept)) return reply(from, to, 200, {}, await readFile(kept))
  const answer = await (path.includes('/dists/') && !lasts ? first : ask)(`${theirs}${path}`)
  const { status, headers, body } = answer
  if (lasts && status === 200 && from.method === 'GET') await keep(kept, body)
  if (hasIt(from, answer)) reply(from, to, 304, headers, Buffer.alloc(0))
  else reply(from, to, status, headers, body)
}

const answers = new Map<string, Promise<Answer>>()

const first = (url: string): Promise<Answer> => {
  const known = answers.get(url)
  if (known !== undefined) return known
  const answer = ask(url)
  answers.set(url, answer)
  answer.catch(() => answers.delete(url))
  return answer
}

const hasIt = ({ headers: asked }: IncomingMessage, { status, headers: told }: Answer): boolean => {
  if (status !== 200) return false
  const tag = asked['if-none-match']
  if (tag !== undefined) return tag === told['etag']
  const since = asked['if-modified-since']
  return since !== undefined && since === told['last-modified']
}

const reply = (
  from: IncomingMessage,
  to: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: Buffer,
): void => {
  to.writeHead(status, { ...headers, ...(status === 200 && { 'Content-Length': body.length }) })
  to.end(from.method === 'HEAD' ? undefined : body)
}

const ask = async (url: string, tries = TRIES): Promise<Answer> => {
  try {
    // A whole file also for HEAD, so that its length is known whoever stands between.
    const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) })
    if (answer.status >= 500) throw new Error(`${url} answers ${answer.status}`)
    const body = Buffer.from(await answer.arrayBuffer())
    return { status: answer.status, headers: picked(TOLD, name => answer.headers.get(name)), body }
  } catch (error) {
    if (tries === 1) throw error
    await sleep(1_000)
    return ask(url, tries - 1)
  }
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

const picked = (
  names: readonly string[],
  valueOf: (name: string) => string | null | undefined,
): Record<string, string> =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = valueOf(name)
      return value ? [[name, value]] : []
    }),
  )

const keep = async (path: string, body: Buffer): Promise<void> => {
  await mkdir(CACHE, { recursive: true })
  const partial = `${path}.${randomUUID()}`
  await writeFile(partial, body)
  await rename(partial, path)
}
