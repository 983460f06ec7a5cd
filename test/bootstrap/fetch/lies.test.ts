import { randomBytes } from 'node:crypto'
import type { RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { atEnd, CERTIFICATE, fetcherFor, serve, SHORT, wanting } from './server.ts'
import type { Told } from './server.ts'

const BYTES = randomBytes(50_000)

const failure = async ({ fetcher, cache }: Told, url: string): Promise<BootstrapError> => {
  const found: unknown = await fetcher.file(wanting(url, BYTES)).then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )
  expect(await readdir(join(cache, 'sha256'))).toEqual([])
  return found as BootstrapError
}

const against = async (answer: RequestListener): Promise<BootstrapError & { asked: number }> => {
  const server = await serve(answer)
  const told = await fetcherFor()
  const found = await failure(told, `${server.url}/pool/a.deb`)
  return Object.assign(found, { asked: server.asked.length })
}

const status =
  (code: number, headers = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(code, headers).end('secret words of the server')

test('each answer that is no file has a message of its own, and only what may pass is asked for again', async () => {
  const cases = [
    {
      code: 404,
      is: 'not-found',
      says: /not there: 127\.0\.0\.1 answered 404 Not Found/,
      asked: 1,
    },
    { code: 400, is: 'server-refused', says: /answered 400 Bad Request/, asked: 1 },
    { code: 401, is: 'server-refused', says: /answered 401 Unauthorized/, asked: 1 },
    { code: 403, is: 'server-refused', says: /answered 403 Forbidden/, asked: 1 },
    { code: 407, is: 'proxy-refused', says: /proxy requires a login/, asked: 1 },
    { code: 500, is: 'server-refused', says: /answered 500/, asked: 3 },
    { code: 503, is: 'server-refused', says: /answered 503/, asked: 3 },
    { code: 206, is: 'server-refused', says: /sent a part/, asked: 1 },
  ]
  for (const { code, is, says, asked } of cases) {
    const found = await against(status(code))
    expect(found.code, String(code)).toBe(is)
    expect(found.message).toMatch(says)
    expect(found.message + found.todo.join()).not.toMatch(/secret/)
    expect(found.todo.length).toBeGreaterThan(0)
    expect(found.asked, String(code)).toBe(asked)
  }
})

test('a server that asks to wait is given the time it names', async () => {
  let times = 0
  const server = await serve((_, response) =>
    times++ === 0 ? response.writeHead(429, { 'retry-after': '1' }).end() : response.end(BYTES),
  )
  const { fetcher, retries } = await fetcherFor()
  const started = Date.now()
  await fetcher.file(wanting(`${server.url}/a.deb`, BYTES))
  expect(Date.now() - started).toBeGreaterThan(950)
  expect(retries).toEqual([
    { reason: expect.stringMatching(/429/) as string, attempt: 2, of: 3, waitSeconds: 1 },
  ])
})

test('redirects are followed in bounds: not in a loop, not to other schemes', async () => {
  const to =
    (location: string): RequestListener =>
    (_, response) =>
      void response.writeHead(302, { location }).end('moved')
  const circle = await against(to('/pool/a.deb'))
  expect([circle.code, circle.message]).toEqual([
    'redirect-loop',
    expect.stringMatching(/could not be fetched: 127\.0\.0\.1 redirects in a circle\.$/),
  ])
  let n = 0
  const endless = await against((_, response) =>
    response.writeHead(302, { location: `/${n++}` }).end(),
  )
  expect([endless.code, endless.asked]).toEqual(['redirect-loop', 6])
  expect(endless.message).toMatch(/redirects more than 5 times\.$/)
  for (const location of ['file:///etc/passwd', 'ftp://127.0.0.1/a', 'gopher://x', 'http://[']) {
    const found = await against(to(location))
    expect(found.code, location).toBe('redirect-scheme')
    expect(found.message).not.toMatch(/passwd/)
  }
})

test('a redirect is followed, and a login goes to its own host only', async () => {
  const other = await serve((_, response) => response.end(BYTES))
  const server = await serve((_, response) =>
    response.writeHead(307, { location: `http://other:words@127.0.0.1:${other.port}/b.deb` }).end(),
  )
  const { fetcher } = await fetcherFor()
  await fetcher.file(wanting(`${server.url.replace('://', '://me:hush@')}/a.deb`, BYTES))
  expect(server.requests[0]?.headers.authorization).toMatch(/^Basic /)
  expect(other.requests[0]?.headers.authorization).toBeUndefined()
  expect(other.asked).toEqual(['GET /b.deb'])
})

test('a page in place of a file is told as a page, with its title made harmless', async () => {
  const page = '\n<!DOCTYPE html><html><head><title>Hotel\u001b[31m WiFi\u202e login</title>'
  const found = await against((_, response) => response.end(page))
  expect(found.code).toBe('page-instead')
  expect(found.message).toMatch(
    /answered a web page, “Hotel \[31m WiFi login”, in place of hello 1\.0/,
  )
  const xhtml = await against((_, r) => r.end('<?xml version="1.0"?><html xmlns="x"><body>hi'))
  expect(xhtml.message).toMatch(/answered a web page in place of/)
})

test('what begins a sentence elsewhere stands in the middle of this one', async () => {
  const server = await serve((_, response) => response.end('<html>'))
  const { fetcher } = await fetcherFor()
  const asked = { ...wanting(`${server.url}/InRelease`, BYTES), what: 'The index of trixie' }
  await expect(fetcher.bytes(asked)).rejects.toThrow(' in place of the index of trixie.')
})

test('silence, a connection that is refused and one that is cut are told apart', async () => {
  const begun = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-length': BYTES.length }).write(BYTES.subarray(0, 100))
  }
  const inside = await against((_, response) => begun(response))
  expect([inside.code, inside.asked]).toEqual(['stalled', 3])
  expect(inside.message).toMatch(/127\.0\.0\.1 sent nothing for 1 s/)
  const before = await against(() => undefined)
  expect(before.code).toBe('stalled')
  const cut = await against((_, response) => void response.destroy())
  expect(cut.code).toBe('unreachable')
  expect(cut.message).toMatch(/the connection was cut/)
  const server = await serve(() => undefined)
  const gone = await freePort()
  expect((await failure(await fetcherFor(), `http://127.0.0.1:${gone}/a`)).message).toMatch(
    /refused/,
  )
  expect(server.asked).toEqual([])
})

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

test('a server that drips is too slow', async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': BYTES.length })
    const timer = setInterval(() => response.write('x'), 50)
    atEnd(() => clearInterval(timer))
  })
  const patience = { ...SHORT.patience, slowMs: 300, slowBytes: 10_000 }
  const found = await failure(await fetcherFor({ patience }), `${server.url}/a.deb`)
  expect(found.code).toBe('stalled')
  expect(found.message).toMatch(/too slow: 127\.0\.0\.1 sent \d+ bytes in 1 s/)
})

test('what is no HTTP at all is told as that', async () => {
  const server = createServer(socket => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  atEnd(() => server.close())
  const { port } = server.address() as AddressInfo
  const found = await failure(await fetcherFor(), `http://127.0.0.1:${port}/a`)
  expect(found.message).toMatch(/not HTTP/)
})

test('once a host is gone, each further file asks it once', async () => {
  const server = await serve((_, response) => void response.destroy())
  const told = await fetcherFor()
  await failure(told, `${server.url}/a.deb`)
  const asked = server.asked.length
  await failure(told, `${server.url}/b.deb`)
  expect([asked, server.asked.length]).toEqual([3, 4])
})

test('an unknown certificate is refused, and taken when the environment names its authority', async () => {
  const server = await serve((_, response) => response.end(BYTES), true)
  const found = await failure(await fetcherFor(), `${server.url}/a.deb`)
  expect(found.code).toBe('certificate-wrong')
  expect(found.todo.join()).toMatch(/NODE_EXTRA_CA_CERTS/)
  const { fetcher } = await fetcherFor({ env: { NODE_EXTRA_CA_CERTS: CERTIFICATE } })
  expect((await fetcher.file(wanting(`${server.url}/a.deb`, BYTES))).from).toBe('network')
  const named = await fetcherFor({ env: { SSL_CERT_FILE: CERTIFICATE } })
  expect((await named.fetcher.file(wanting(`${server.url}/a.deb`, BYTES))).from).toBe('network')
})

test('https is never left for http', async () => {
  const plain = await serve((_, response) => response.end(BYTES))
  const server = await serve(
    (_, response) => response.writeHead(302, { location: `${plain.url}/a.deb` }).end(),
    true,
  )
  const told = await fetcherFor({ env: { NODE_EXTRA_CA_CERTS: CERTIFICATE } })
  const found = await failure(told, `${server.url}/a.deb`)
  expect(found.code).toBe('redirect-scheme')
  expect(found.message).toMatch(/from https to http/)
  expect(plain.asked).toEqual([])
})

test('a mirror without TLS that is asked by TLS is told as that at once', async () => {
  const { url } = await serve((_, response) => response.end(BYTES))
  const told = await fetcherFor()
  const found = await failure(told, `${url.replace('http:', 'https:')}/a`)
  expect(found.message).toMatch(/does not speak https/)
  expect(told.retries).toEqual([])
})
