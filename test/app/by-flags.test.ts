import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINIMAL } from '../recorder/plays.ts'
import { openRecorder, type Recorder } from '../recorder/recorder.ts'
import { createByFlags } from '../../src/app/by-flags.ts'
import { parseFlags } from '../../src/ask/flags.ts'
import { inspectArchive } from '../../src/oci/inspect.ts'
import type { Event } from '../../src/run/events.ts'
import { ioIn } from './io.ts'

const posix = test.skipIf(process.platform === 'win32')
const MADE = ['--compile-in', 'container']

const run = async (recorder: Recorder, ...argv: string[]) => {
  const io = ioIn(recorder)
  const code = await createByFlags(parseFlags(argv, recorder.env), io)
  return { code, ...io.written }
}

posix('--yes makes the image and tells it in lines', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const { code, out, err } = await run(recorder, '--yes', ...MADE)
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('Hello from the recorder')
  expect(out).toContain('docker run --rm hello')
  expect(recorder.images()).toContain('hello:latest')
})

posix('--json prints events and nothing else', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const { code, out } = await run(recorder, '--yes', '--json', ...MADE)
  const events = out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Event)
  expect(code).toBe(0)
  expect(events.at(0)?.type).toBe('plan')
  expect(events.at(-1)?.type).toBe('outcome')
})

posix('--plan prints the plan and makes nothing', async () => {
  const recorder = openRecorder()
  const { code, out } = await run(recorder, '--plan', ...MADE)
  expect(code).toBe(0)
  expect(out).toContain('docker build --tag hello .')
  expect(recorder.asked('create')).toEqual([])
  expect(readdirSync(recorder.folder)).toEqual([])
})

posix('--plan --json prints the plan as data', async () => {
  const recorder = openRecorder()
  const { out } = await run(recorder, '--plan', '--json', ...MADE)
  expect(JSON.parse(out)).toMatchObject({ journey: 'minimal', image: { reference: 'hello' } })
})

posix('--script prints a script and asks no engine', async () => {
  const recorder = openRecorder()
  const { code, out } = await run(recorder, '--script', 'sh')
  expect(code).toBe(0)
  expect(out).toMatch(/^#!\/bin\/sh/)
  expect(recorder.asked()).toEqual([])
})

posix('a step that failed gives its code and leaves the folder', async () => {
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'build .', exitCode: 1, stderr: 'no\n' }],
  })
  const { code, out } = await run(recorder, '--yes', ...MADE)
  expect(code).toBe(1)
  expect(out).toContain('no')
  expect(existsSync(join(recorder.folder, 'hello/hello'))).toBe(true)
})

posix('--force begins from the start in a folder that is finished', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  await run(recorder, '--yes', ...MADE)
  const compiles = () => recorder.asked('create').filter(({ words }) => words.includes('-static'))
  expect(compiles()).toHaveLength(1)
  await run(recorder, '--yes', ...MADE)
  expect(compiles()).toHaveLength(1)
  await run(recorder, '--yes', '--force', ...MADE)
  expect(compiles()).toHaveLength(2)
})

posix('no engine where one is wanted is told with what to do', async () => {
  const faults = [
    { to: 'version', exitCode: 1, stderr: 'permission denied while trying to connect' },
  ]
  const recorder = openRecorder({ faults })
  await expect(run(recorder, '--yes', '--engine', 'docker', ...MADE)).rejects.toMatchObject({
    exitCode: 3,
  })
  expect(readdirSync(recorder.folder)).toEqual([])
})

posix('a listener on signals is taken away at the end', async () => {
  const before = process.listenerCount('SIGTERM')
  await run(openRecorder({ plays: MINIMAL }), '--yes', ...MADE)
  expect(process.listenerCount('SIGTERM')).toBe(before)
})

posix('SIGTERM to the process stops the run with 143', async () => {
  const plays = MINIMAL.map(play => (play.of === '-static' ? { ...play, hangs: true } : play))
  const recorder = openRecorder({ plays })
  const running = run(recorder, '--yes', ...MADE)
  await expect.poll(() => recorder.containers().map(({ status }) => status)).toEqual(['running'])
  await expect.poll(() => recorder.containers()[0]?.line ?? '').toContain('-static')
  process.emit('SIGTERM', 'SIGTERM')
  expect((await running).code).toBe(143)
  expect(recorder.containers()).toEqual([])
  expect(readFileSync(join(recorder.folder, 'hello/hello.c'), 'utf8')).not.toBe('')
})

posix('one image for several architectures is made without an engine', async () => {
  const recorder = openRecorder()
  const argv = ['--yes', '--json', '--engine', 'none', '--program', 'raw', '--arch']
  const { code, out } = await run(recorder, ...argv, 'amd64,arm64,riscv64')
  expect(code).toBe(0)
  const last = JSON.parse(out.trim().split('\n').at(-1)!) as Event
  expect(last).toMatchObject({
    type: 'outcome',
    platform: 'linux/amd64, linux/arm64, linux/riscv64',
    index: expect.stringMatching(/^sha256:/),
  })
  const facts = await inspectArchive(join(recorder.folder, 'hello', 'hello.tar'))
  expect(facts.problems).toEqual([])
  expect(facts.images).toHaveLength(3)
})
