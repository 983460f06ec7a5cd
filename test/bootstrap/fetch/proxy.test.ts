import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { isExempt, proxyFor } from '../../../src/bootstrap/fetch/proxy.ts'
import { atEnd, CERTIFICATE, fetcherFor, serve, wanting } from './server.ts'

const BYTES = randomBytes(20_000)
const at = (text: string): URL => new URL(text)

test('the environment names the proxy by the scheme, in small letters first', () => {
  const env = { http_proxy: 'p:3128', HTTPS_PROXY: 'http://u:p%40ss@q:8080/' }
  expect(proxyFor(at('http://a/'), env)).toEqual({ url: at('http://p:3128/'), login: null })
  const secure = proxyFor(at('https://a/'), env)
  expect(secure?.url.href).toBe('http://q:8080/')
  expect(secure?.login).toBe(`Basic ${Buffer.from('u:p@ss').toString('base64')}`)
  expect(proxyFor(at('https://a/'), { all_proxy: 'http://r' })?.url.href).toBe('http://r/')
  expect(
    proxyFor(at('http://a/'), { http_proxy: 'http://low', HTTP_PROXY: 'http://UP' })?.url.host,
  ).toBe('low')
  expect(proxyFor(at('http://a/'), {})).toBeNull()
})

test('a proxy of another kind is refused by the name of its variable, without its password', () => {
  expect(() => proxyFor(at('http://a/'), { http_proxy: 'socks5://me:hush@h' })).toThrow(
    /^The proxy in http_proxy is not an http or https address\.$/,
  )
})

test('no_proxy is read as curl and wget read it', () => {
  const list = 'one.example, .two.example *.three.example 10.0.0.0/8,host:81 fd00::/8,192.0.2.1'
  const yes = ['one.example', 'sub.one.example', 'two.example', 'x.two.example', 'y.three.example']
  const more = ['10.1.2.3', 'host:81', '[fd00::1]', '192.0.2.1']
  for (const host of [...yes, ...more])
    expect(isExempt(at(`http://${host}/`), list), host).toBe(true)
  const no = ['notone.example', 'example', '11.0.0.1', 'host', 'host:82', '[fe80::1]', '1.192.0.2']
  for (const host of no) expect(isExempt(at(`http://${host}/`), list), host).toBe(false)
  expect(isExempt(at('https://any/'), '*')).toBe(true)
  expect(isExempt(at('https://any/'), '10.0.0.0/99,/,:,[')).toBe(false)
})

test('http goes to the proxy with the whole address and its login, which no message shows', async () => {
  const proxy = await serve((request, response) =>
    request.url?.endsWith('/gone') ? response.writeHead(502).end() : response.end(BYTES),
  )
  const env = { http_proxy: proxy.url.replace('://', '://me:hush@') }
  const { fetcher } = await fetcherFor({ env, persistence: { attempts: 1, waitSeconds: 0 } })
  await fetcher.file(wanting('http://mirror.invalid/debian/a.deb', BYTES))
  expect(proxy.asked).toEqual(['GET http://mirror.invalid/debian/a.deb'])
  expect(proxy.requests[0]?.headers.host).toBe('mirror.invalid')
  expect(proxy.requests[0]?.headers['proxy-authorization']).toBe('Basic bWU6aHVzaA==')
  const request = wanting('http://mirror.invalid/gone', Buffer.from('other'))
  const error: unknown = await fetcher.file(request).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(Error)
  expect(JSON.stringify(error) + String(error)).not.toMatch(/hush|bWU6/)
})

test('https goes through a tunnel of the proxy, with its login', async () => {
  const target = await serve((_, response) => response.end(BYTES), true)
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket, head) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? 'without login'}`)
    const through = connect(target.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      through.write(head)
      socket.pipe(through).pipe(socket)
    })
    socket.on('error', () => through.destroy())
    through.on('error', () => socket.destroy())
    atEnd(() => through.destroy())
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  atEnd(() => proxy.close())
  const { port } = proxy.address() as AddressInfo
  const env = {
    https_proxy: `http://me:hush@127.0.0.1:${port}`,
    NODE_EXTRA_CA_CERTS: CERTIFICATE,
  }
  const { fetcher } = await fetcherFor({ env })
  await fetcher.file(wanting(`https://localhost:${target.port}/a.deb`, BYTES))
  expect(asked).toEqual([`localhost:${target.port} Basic bWU6aHVzaA==`])
  const direct = await fetcherFor({ env: { ...env, no_proxy: 'localhost' } })
  await direct.fetcher.file(wanting(`https://localhost:${target.port}/a.deb`, BYTES))
  expect([asked.length, target.asked.length]).toEqual([1, 2])
})
