import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import type { Child } from '../../../src/run/process/exec.ts'
import { postByStdio } from '../../../src/run/stages/dial-stdio.ts'

/** A client that dials an engine in this test's place. */
const dialled = () => {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()]
  let end = (): void => undefined
  const ended = new Promise<void>(resolve => (end = resolve))
  const child = Object.assign(ended, { stdin, stdout }) as unknown as Child
  let asked = ''
  stdin.on('data', (chunk: Buffer) => void (asked += chunk.toString()))
  return { child, stdin, stdout, end, asked: () => asked }
}

const answer = (body: string, status = '200 OK', length = body.length): string =>
  `HTTP/1.1 ${status}\r\nContent-Length: ${length}\r\n\r\n${body}`

test('a path is posted without a body, and the answer’s body is given', async () => {
  const { child, stdout, asked } = dialled()
  const posted = postByStdio(child, '/images/create?a=b')
  await expect.poll(asked).toContain('\r\n\r\n')
  const [first, ...headers] = asked().trim().split('\r\n')
  expect(first).toBe('POST /images/create?a=b HTTP/1.1')
  expect(headers).toEqual(expect.arrayContaining(['Host: engine', 'Content-Length: 0']))
  stdout.write(answer('words'))
  const body = (await posted)!
  expect(String((await body.toArray())[0])).toBe('words')
})

test('any status but 200 is no answer', async () => {
  for (const status of ['201 Created', '404 Not Found', '500 Internal Server Error']) {
    const { child, stdout } = dialled()
    stdout.write(answer('no', status))
    expect(await postByStdio(child, '/x'), status).toBeNull()
  }
})

test('a client that ends, breaks or says nothing that is HTTP gives no answer', async () => {
  const ends = dialled()
  ends.end()
  expect(await postByStdio(ends.child, '/x')).toBeNull()
  const closes = dialled()
  closes.stdout.end()
  expect(await postByStdio(closes.child, '/x')).toBeNull()
  const breaks = dialled()
  const posted = postByStdio(breaks.child, '/x')
  breaks.stdin.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }))
  expect(await posted).toBeNull()
  const odd = dialled()
  odd.stdout.write('SSH-2.0\r\n\r\n')
  expect(await postByStdio(odd.child, '/x')).toBeNull()
})

test('an engine that does not begin to answer is given up after a minute', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { child } = dialled()
    let end: unknown = 'waiting'
    const posted = postByStdio(child, '/x').then(body => (end = body))
    await vi.advanceTimersByTimeAsync(59_000)
    expect(end).toBe('waiting')
    await vi.advanceTimersByTimeAsync(2000)
    await posted
    expect(end).toBeNull()
    // One that has begun may take as long as it does.
    const slow = dialled()
    slow.stdout.write(answer('half', '200 OK', 8))
    const body = (await postByStdio(slow.child, '/x'))!
    await vi.advanceTimersByTimeAsync(120_000)
    expect(vi.getTimerCount()).toBe(0)
    slow.stdout.write('more')
    expect(Buffer.concat(await body.toArray()).toString()).toBe('halfmore')
  } finally {
    vi.useRealTimers()
  }
})

test('what nobody reads yet is not asked of the client, and nothing of it is lost', async () => {
  const { child, stdout } = dialled()
  const bytes = Buffer.alloc(3_000_000, 'x')
  stdout.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`)
  const body = (await postByStdio(child, '/x'))!
  const writing = (async () => {
    for (let at = 0; at < bytes.length; at += 50_000)
      if (!stdout.write(bytes.subarray(at, at + 50_000)))
        await new Promise(resolve => stdout.once('drain', resolve))
  })()
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(stdout.isPaused()).toBe(true)
  expect(Buffer.concat(await body.toArray()).equals(bytes)).toBe(true)
  await writing
})
