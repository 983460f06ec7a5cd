import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'

/** The user whom a registry knows that wants a login; the password is of no matter. */
const HASH = 'writer:$2b$12$3SREtThm6AouflaCTqZygO160lOanc2LdB360ZU8GiOkfb7IeI6zO'

/** A registry may want a login, take no pushes, or have no room: it answers as one whose disk is full does, with 500. */
export type RegistryKind = 'open' | 'login' | 'read-only' | 'no-room'

/**
 * A registry on loopback whose blobs come no faster than `bytesPerSecond`, so that a pull has real progress. With
 * `only` it is of that kind for the paths that match, and open for all others.
 */
export const slowRegistry = async (
  bytesPerSecond: number,
  kind: RegistryKind = 'open',
  only?: RegExp,
) => {
  const own = await startRegistry(kind)
  const other = only === undefined ? own : await startRegistry('open')
  const proxy = createServer((from, to) => {
    const { port } = only === undefined || only.test(from.url ?? '') ? own : other
    const on = request(
      { port, host: '127.0.0.1', method: from.method, path: from.url, headers: from.headers },
      answer => {
        to.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(throttle(from.method === 'GET' ? bytesPerSecond : Infinity)).pipe(to)
      },
    )
    on.on('error', () => to.destroy())
    to.on('close', () => on.destroy())
    from.pipe(on)
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: async () => {
      proxy.closeAllConnections()
      await new Promise(resolve => proxy.close(resolve))
      await own.close()
      if (other !== own) await other.close()
    },
  }
}

const startRegistry = async (kind: RegistryKind) => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'))
  const port = await freePort()
  writeFileSync(join(folder, 'config.yml'), config(folder, port, kind))
  writeFileSync(join(folder, 'htpasswd'), HASH)
  // What is no folder takes no files.
  if (kind === 'no-room') writeFileSync(join(folder, 'data'), '')
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' })
  await untilAnswers(port)
  return {
    port,
    close: async () => {
      child.kill()
      await new Promise(resolve => child.once('close', resolve))
      rmSync(folder, { recursive: true })
    },
  }
}

const config = (folder: string, port: number, kind: RegistryKind): string => `version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: ${folder}/data}, maintenance: {readonly: {enabled: ${kind === 'read-only'}}}}
http: {addr: 127.0.0.1:${port}}
${kind === 'login' ? `auth: {htpasswd: {realm: test, path: ${folder}/htpasswd}}\n` : ''}`

const throttle = (bytesPerSecond: number): Transform =>
  new Transform({
    transform: (chunk: Uint8Array, _, done) => {
      setTimeout(() => done(null, chunk), (chunk.byteLength / bytesPerSecond) * 1000)
    },
  })

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const untilAnswers = async (port: number): Promise<void> => {
  for (let tries = 0; tries < 100; tries++) {
    const answered = await fetch(`http://127.0.0.1:${port}/v2/`).then(
      ({ ok, status }) => ok || status === 401,
      () => false,
    )
    if (answered) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('docker-registry does not answer')
}
