import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { fetchAll } from '../../../src/bootstrap/fetch/all.ts'
import { fetcherFor, serve, wanting } from './server.ts'

const BYTES = randomBytes(300_000)

const failure = async (work: Promise<unknown>): Promise<{ code: string; message: string }> => {
  try {
    await work
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('it did not fail')
}

const leftOver = async (cache: string): Promise<string[]> => readdir(join(cache, 'partial'))

test('a file comes into the cache under its hash, and from there the second time', async () => {
  const server = await serve((_, response) => response.end(BYTES))
  const { fetcher, cache } = await fetcherFor()
  const told: number[] = []
  const request = { ...wanting(`${server.url}/a.deb`, BYTES), onBytes: (n: number) => told.push(n) }
  const first = await fetcher.file(request)
  expect(first.from).toBe('network')
  expect(BYTES.equals(await readFile(first.path))).toBe(true)
  expect(told.reduce((a, b) => a + b, 0)).toBe(BYTES.length)
  expect(await fetcher.file(request)).toEqual({ path: first.path, from: 'cache' })
  expect(server.asked).toEqual(['GET /a.deb'])
  expect(await leftOver(cache)).toEqual([])
})

test('forty files share at most eight connections', async () => {
  const server = await serve((request, response) => response.end(`body of ${request.url}`))
  const { fetcher } = await fetcherFor()
  const requests = Array.from({ length: 40 }, (_, i) =>
    wanting(`${server.url}/${i}`, Buffer.from(`body of /${i}`)),
  )
  const came: number[] = []
  await fetchAll(fetcher, requests, new AbortController().signal, index => came.push(index))
  expect(came.sort((a, b) => a - b)).toEqual(requests.map((_, i) => i))
  expect(server.sockets.size).toBeLessThanOrEqual(8)
})

test('the same file asked for twice at once comes once', async () => {
  const server = await serve((_, response) => response.end(BYTES))
  const { fetcher } = await fetcherFor()
  const request = wanting(`${server.url}/a.deb`, BYTES)
  await Promise.all([fetcher.file(request), fetcher.file(request)])
  expect(server.asked.length).toBe(1)
})

test.each([
  ['waits for an answer', 200, []],
  ['waits for its next try', 503, ['2']],
])('what %s when the fetcher is closed ends, and is not tried again', async (_, status, tries) => {
  const server = await serve((_, response) => {
    if (status !== 200) response.writeHead(status).end()
  })
  const { fetcher, retries } = await fetcherFor({
    persistence: { attempts: 3, waitSeconds: 30 },
    patience: { connectMs: 400, silenceMs: 60_000, slowMs: 60_000, slowBytes: 60_000 },
  })
  const { signal } = new AbortController()
  const index = failure(fetcher.bytes({ url: `${server.url}/i`, what: 'i', maxBytes: 9, signal }))
  const file = failure(fetcher.file(wanting(`${server.url}/a.deb`, BYTES)))
  await vi.waitFor(() =>
    expect([server.asked.length, retries.length]).toEqual([2, tries.length * 2]),
  )
  await fetcher.close()
  expect(await Promise.all([index, file])).toMatchObject([
    { name: 'AbortError' },
    { name: 'AbortError' },
  ])
  expect(retries.map(({ attempt }) => String(attempt))).toEqual([...tries, ...tries])
  expect(server.asked.length).toBe(2)
})

test('a cut download goes on where it stopped, and says why', async () => {
  let time = 0
  const server = await serve((request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (time++ === 0) {
      response.writeHead(200, { 'content-length': BYTES.length })
      response.write(BYTES.subarray(0, 100_000), () => response.destroy())
      return
    }
    response.writeHead(206, {
      'content-range': `bytes ${start}-${BYTES.length - 1}/${BYTES.length}`,
    })
    response.end(BYTES.subarray(start))
  })
  const { fetcher, retries, cache } = await fetcherFor()
  const told: number[] = []
  const request = { ...wanting(`${server.url}/a.deb`, BYTES), onBytes: (n: number) => told.push(n) }
  const { path } = await fetcher.file(request)
  expect(BYTES.equals(await readFile(path))).toBe(true)
  expect(server.requests[1]?.headers.range).toMatch(/^bytes=[1-9]\d*-$/)
  expect(retries.length).toBe(1)
  expect(retries[0]?.reason).toMatch(/hello 1\.0 .*cut/)
  expect(told.reduce((a, b) => a + b, 0)).toBe(BYTES.length)
  expect(await leftOver(cache)).toEqual([])
})

test('a later run goes on with what an earlier one left', async () => {
  const server = await serve((request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? -1)
    if (start < 0) {
      response.writeHead(200, { 'content-length': BYTES.length })
      response.write(BYTES.subarray(0, 200_000), () => response.destroy())
    } else {
      response.writeHead(206, { 'content-range': `bytes ${start}-` })
      response.end(BYTES.subarray(start))
    }
  })
  const once = { persistence: { attempts: 1, waitSeconds: 0 } }
  const { fetcher, cache } = await fetcherFor(once)
  const request = wanting(`${server.url}/a.deb`, BYTES)
  expect((await failure(fetcher.file(request))).code).toBe('unreachable')
  expect((await leftOver(cache)).length).toBe(1)
  const again = await fetcherFor({ ...once, cache })
  expect(BYTES.equals(await readFile((await again.fetcher.file(request)).path))).toBe(true)
})

test('what was left is begun anew when the server ignores the range, has no such range, or it was not the same file', async () => {
  for (const kind of ['ignored', 'none', 'other']) {
    const { fetcher, cache } = await fetcherFor()
    const server = await serve((request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? -1)
      if (start >= 0 && kind === 'none') return void response.writeHead(416).end()
      if (start >= 0 && kind === 'other')
        response.writeHead(206, { 'content-range': `bytes ${start}-` })
      response.end(start >= 0 && kind === 'other' ? BYTES.subarray(start) : BYTES)
    })
    const request = wanting(`${server.url}/a.deb`, BYTES)
    await writeFile(join(cache, 'partial', `${request.sha256}.part`), 'not its beginning')
    expect(BYTES.equals(await readFile((await fetcher.file(request)).path)), kind).toBe(true)
  }
})

test('wrong bytes are refused, too many, too few and another hash, and nothing is left of them', async () => {
  const cases = [
    { sent: Buffer.concat([BYTES, BYTES]), code: 'size-wrong', says: /more than 300000 bytes/ },
    { sent: BYTES.subarray(1), code: 'size-wrong', says: /299999 bytes/ },
    { sent: Buffer.alloc(BYTES.length), code: 'hash-wrong', says: /signed index/ },
  ]
  for (const { sent, code, says } of cases) {
    const server = await serve((_, response) => response.end(sent))
    const { fetcher, cache } = await fetcherFor()
    const found = await failure(fetcher.file(wanting(`${server.url}/a.deb`, BYTES)))
    expect(found.code).toBe(code)
    expect(found.message).toMatch(says)
    expect(await leftOver(cache)).toEqual([])
    expect(await readdir(join(cache, 'sha256'))).toEqual([])
  }
})

test('a body without an announced length is stopped at its bound', async () => {
  const server = await serve((_, response) => {
    const more = (): void => void (response.destroyed || response.write(BYTES, more))
    more()
  })
  const { fetcher, cache } = await fetcherFor()
  const hashed = await failure(fetcher.file(wanting(`${server.url}/a.deb`, BYTES)))
  expect(hashed.code).toBe('size-wrong')
  const signal = new AbortController().signal
  const plain = { url: `${server.url}/InRelease`, what: 'the index', maxBytes: 500_000, signal }
  expect((await failure(fetcher.bytes(plain))).code).toBe('too-large')
  expect(await leftOver(cache)).toEqual([])
})

test('a damaged file of the cache is told, removed and fetched again', async () => {
  const server = await serve((_, response) => response.end(BYTES))
  const { fetcher, notes } = await fetcherFor()
  const request = wanting(`${server.url}/a.deb`, BYTES)
  const { path } = await fetcher.file(request)
  await writeFile(path, 'damaged')
  expect(await fetcher.file(request)).toEqual({ path, from: 'network' })
  expect((await stat(path)).size).toBe(BYTES.length)
  expect(notes).toEqual([expect.stringMatching(/damaged.*fetched again/)])
})

test('offline the cache serves, and all that it lacks is named in one message', async () => {
  const server = await serve((_, response) => response.end(BYTES))
  const { fetcher, cache } = await fetcherFor()
  const here = wanting(`${server.url}/a.deb`, BYTES)
  await fetcher.file(here)
  const offline = await fetcherFor({ cache, isOffline: true })
  expect((await offline.fetcher.file(here)).from).toBe('cache')
  const lacking = ['bash 5.2', 'dash 0.5'].map(what => ({
    ...wanting(`${server.url}/${what}`, Buffer.from(what)),
    what,
  }))
  const signal = new AbortController().signal
  const found = await failure(
    fetchAll(offline.fetcher, [here, ...lacking], signal, () => undefined),
  )
  expect(found.code).toBe('offline-lacks')
  // Which is found to be lacking first depends on the disk.
  for (const words of [/lacks 2 of /, /bash 5\.2/, /dash 0\.5/])
    expect(found.message).toMatch(words)
  expect(server.asked.length).toBe(1)
})

test('an index is asked for with its validators, and taken from the cache when it is unchanged', async () => {
  let text = 'index of Monday'
  const server = await serve((request, response) => {
    const etag = `"${createHash('md5').update(text).digest('hex')}"`
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
    response.writeHead(200, { etag, 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' }).end(text)
  })
  const login = server.url.replace('://', '://me:hush-hush@')
  const request = {
    url: `${login}/dists/x/InRelease`,
    what: 'the index of x',
    maxBytes: 1000,
    signal: new AbortController().signal,
  }
  const { fetcher, cache } = await fetcherFor()
  expect(String((await fetcher.bytes(request)).bytes)).toBe(text)
  expect(await fetcher.bytes(request)).toEqual({ bytes: Buffer.from(text), from: 'unchanged' })
  expect(server.requests[1]?.headers['if-modified-since']).toBe('Mon, 01 Jan 2024 00:00:00 GMT')
  text = 'index of Tuesday'
  expect(await fetcher.bytes(request)).toEqual({ bytes: Buffer.from(text), from: 'network' })
  const offline = await fetcherFor({ cache, isOffline: true })
  expect(await offline.fetcher.bytes(request)).toEqual({ bytes: Buffer.from(text), from: 'cache' })
  expect(server.requests[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from('me:hush-hush').toString('base64')}`,
  )
  for (const name of await readdir(cache, { recursive: true })) {
    const path = join(cache, name)
    if (!(await stat(path)).isFile()) continue
    expect(name + (await readFile(path, 'latin1'))).not.toMatch(/hush-hush/)
  }
})

test('a run that is stopped ends at once and keeps what came', async () => {
  const stop = new AbortController()
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': BYTES.length })
    response.write(BYTES.subarray(0, 150_000), () =>
      setTimeout(() => stop.abort(new Error('stopped')), 50),
    )
  })
  const { fetcher, cache } = await fetcherFor()
  const request = { ...wanting(`${server.url}/a.deb`, BYTES), signal: stop.signal }
  expect((await failure(fetcher.file(request))).message).toBe('stopped')
  expect(await leftOver(cache)).toEqual([`${request.sha256}.part`])
})

test('a login that is known from the start is sent with the first file', async () => {
  const server = await serve((request, response) => response.end(request.url))
  const { fetcher } = await fetcherFor({ addresses: [server.url.replace('://', '://me:x@')] })
  await fetcher.file(wanting(`${server.url}/pool/a.deb`, Buffer.from('/pool/a.deb')))
  expect(server.requests[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from('me:x').toString('base64')}`,
  )
})

test('the login of one address is sent to the others of that host, and to no other host', async () => {
  const server = await serve((request, response) => response.end(request.url))
  const other = await serve((_, response) => response.end(BYTES))
  const { fetcher } = await fetcherFor()
  const signal = new AbortController().signal
  const url = `${server.url.replace('://', '://me:s%40cret@')}/dists/x/InRelease`
  await fetcher.bytes({ url, what: 'the index', maxBytes: 1e6, signal })
  await fetcher.file(wanting(`${server.url}/pool/a.deb`, Buffer.from('/pool/a.deb')))
  const more = Buffer.from('more')
  await fetcher.file(wanting(`${other.url}/a.deb`, more)).catch(() => undefined)
  const login = `Basic ${Buffer.from('me:s@cret').toString('base64')}`
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([login, login])
  expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
})
