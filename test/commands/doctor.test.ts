import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ioIn } from '../app/io.ts'
import { openRecorder } from '../recorder/recorder.ts'
import { rowLines, run } from '../../src/commands/doctor.ts'
import type { Check } from '../../src/commands/doctor/check.ts'
import { diskChecks, memoryCheck, terminalCheck } from '../../src/commands/doctor/machine.ts'
import { networkChecks, proxyChecks } from '../../src/commands/doctor/network.ts'

const posix = test.skipIf(process.platform === 'win32')

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const closed = 'http://127.0.0.1:1'
const stateOf = (checks: readonly Check[], code: string) =>
  checks.find(check => check.code === code)!

test('a mirror and a registry that answer are fine, also one that wants a login', async () => {
  const mirror = await serve((_, answer) => answer.end())
  const registry = await serve((_, answer) => answer.writeHead(401).end())
  const checks = await networkChecks(mirror, registry, {})
  expect(checks.map(({ code, state }) => [code, state])).toEqual([
    ['mirror', 'ok'],
    ['registry', 'ok'],
    ['clock', 'ok'],
  ])
})

test('what does not answer is told with what to do, and the clock is not known then', async () => {
  const checks = await networkChecks(closed, closed, {})
  expect(stateOf(checks, 'mirror')).toMatchObject({
    state: 'warn',
    says: `${closed}: nothing listens there`,
  })
  for (const code of ['mirror', 'registry'])
    expect(stateOf(checks, code).todo.length).toBeGreaterThan(0)
  expect(stateOf(checks, 'clock').state).toBe('unknown')
})

test('a server with a fault of its own is told by its number', async () => {
  const busy = await serve((_, answer) => answer.writeHead(503).end())
  expect(stateOf(await networkChecks(busy, busy, {}), 'mirror').says).toContain('503')
})

test('a clock that is a year off is to be set', async () => {
  const mirror = await serve((_, answer) => answer.end())
  const later = (): number => Date.now() + 365 * 86_400_000
  const clock = stateOf(await networkChecks(mirror, mirror, {}, later), 'clock')
  expect(clock.state).toBe('bad')
  expect(clock.todo.join()).toContain('Set the clock')
})

test('the mirror is asked through the proxy of this machine', async () => {
  const asked: string[] = []
  const proxy = await serve((request, answer) => {
    asked.push(request.url ?? '')
    answer.end()
  })
  const checks = await networkChecks('http://mirror.example/debian', closed, { http_proxy: proxy })
  expect(stateOf(checks, 'mirror').state).toBe('ok')
  expect(asked).toContain('http://mirror.example/debian/dists/')
})

test('proxies are told without their passwords, and one that the engine lacks', () => {
  const env = { http_proxy: 'http://ada:s3cret@proxy.example:3128' }
  const both = proxyChecks(env, 'http://mirror.example', 'http://ada:s3cret@proxy.example')
  expect(JSON.stringify(both)).not.toContain('s3cret')
  expect(both.map(({ state }) => state)).toEqual(['ok', 'ok'])
  expect(both[0]!.says).toBe('http://proxy.example:3128')
  expect(proxyChecks(env, 'http://mirror.example', '')[1]!.state).toBe('warn')
  expect(proxyChecks({}, 'http://mirror.example', '')[1]!.state).toBe('ok')
})

test('disk and memory are told in bytes, and little of them with what to do', async () => {
  const [folder, , engine] = await diskChecks('/nowhere/at/all', '/')
  expect(folder!.state).toBe('unknown')
  expect(engine!.says).toMatch(/free \(\/\)$/)
  expect(memoryCheck(4e9, 8e9)).toMatchObject({ state: 'ok', says: '8.0 GB, 4.0 GB free' })
  expect(memoryCheck(1e8, 8e9).todo).not.toEqual([])
  expect(memoryCheck(4e8, 5e8).state).toBe('warn')
})

test('the terminal is told by what it lets us do', () => {
  const here = { canAsk: true, animate: true, colour: true, unicode: true, plain: false }
  expect(terminalCheck(here).says).toBe('questions, a live view, colour, Unicode')
  expect(terminalCheck({ ...here, canAsk: false, animate: false, unicode: false }).says).toBe(
    'no questions (no terminal, or CI), lines, colour, ASCII',
  )
})

posix('doctor fits one screen of 80 by 24, and --json has the same checks', async () => {
  const recorder = openRecorder()
  const io = ioIn(recorder)
  const proxied = { ...io, env: { ...io.env, http_proxy: closed, https_proxy: closed } }
  expect(await run([], proxied)).toBe(0)
  const lines = io.written.out.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(24)
  for (const name of [
    'Engine',
    'Builder',
    'Disk',
    'Mirror',
    'Registry',
    'Clock',
    'Proxy',
    'Memory',
  ])
    expect(lines.filter(line => line.startsWith(name)).length, name).toBeGreaterThan(0)
  const json = ioIn(recorder)
  await run(['--json'], { ...json, env: proxied.env })
  const { checks, engine } = JSON.parse(json.written.out) as {
    checks: Check[]
    engine: { kind: string }
  }
  expect(engine.kind).toBe('docker')
  for (const { state, todo } of checks)
    if (state === 'warn' || state === 'bad') expect(todo.length).toBeGreaterThan(0)
  expect(checks.map(({ code }) => code)).toEqual([
    'disk',
    'disk-temporary',
    'disk-engine',
    'mirror',
    'registry',
    'clock',
    'proxy',
    'proxy-engine',
    'memory',
    'defaults',
    'terminal',
  ])
})

test.each([80, 40])('a row of doctor in %i columns breaks between words', width => {
  const says =
    'the classic one; classic store; 1 prepared image to make images in, and some more words'
  const lines = rowLines('Builder', says, width)
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
  expect(lines.join(' ').replaceAll(/ +/g, ' ')).toBe(`Builder ${says}`)
  expect(lines[0]).toMatch(width === 80 ? /^Builder {19}the classic/ : /^Builder$/)
})
