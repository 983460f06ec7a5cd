import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openRecorder, type Script } from '../../recorder/recorder.ts'
import { watchContainer } from '../../../src/run/stages/watch.ts'
import { startContainer } from '../../../src/run/stages/container.ts'

const posix = test.skipIf(process.platform === 'win32')
const LOOKS = { every: 20, most: 3 }

const watched = (script: Script, program = 'docker') => {
  const recorder = openRecorder(script)
  recorder.left('one', 'r', 'running')
  const over = new AbortController()
  let lost = 0
  const client = { program, cwd: recorder.folder, env: recorder.env }
  watchContainer(client, 'one', over.signal, () => (lost += 1), LOOKS)
  return { recorder, over, lost: () => lost, looks: () => recorder.asked('top').length }
}

posix('three looks in a row without an answer are the end, once', async () => {
  const { lost, looks } = watched({ faults: [{ to: 'top', exitCode: 1 }] })
  await expect.poll(lost).toBe(1)
  await delay(100)
  expect([lost(), looks()]).toEqual([1, 3])
})

posix('one that works is looked at for as long as it does', async () => {
  const { lost, looks, over } = watched({})
  await expect.poll(looks).toBeGreaterThan(5)
  over.abort()
  const last = looks()
  await delay(100)
  expect(lost()).toBe(0)
  expect(looks()).toBeLessThanOrEqual(last + 1)
})

posix('looks that fail between others that do not are none of three in a row', async () => {
  const { lost, looks, over } = watched({ faults: [{ to: 'top', times: 2, exitCode: 1 }] })
  await expect.poll(looks).toBeGreaterThan(6)
  over.abort()
  expect(lost()).toBe(0)
})

posix('a look has ten seconds, and asks for numbers alone', async () => {
  const { recorder, looks, over } = watched({})
  await expect.poll(looks).toBeGreaterThan(0)
  over.abort()
  expect(recorder.asked('top')[0]).toMatchObject({ words: ['one', '-o', 'pid'], seconds: 10 })
})

posix('Podman is asked in its own words', async () => {
  const { recorder, looks, over } = watched({}, 'podman')
  await expect.poll(looks).toBeGreaterThan(0)
  over.abort()
  expect(recorder.asked('top')[0]!.words).toEqual(['one', 'hpid'])
})

posix('a stage whose engine has died ends, and says so', async () => {
  const recorder = openRecorder({
    plays: [{ of: 'sleep', hangs: true }],
    faults: [
      { to: 'top', exitCode: 1 },
      { to: 'inspect', exitCode: 1 },
    ],
  })
  const work: Promise<unknown>[] = []
  const stage = { kind: 'container', client: 'docker', options: [], image: 'ubuntu:20.04' } as const
  const running = await startContainer(
    { ...stage, command: ['sleep'] },
    {
      cwd: recorder.folder,
      env: recorder.env,
      runId: 'r',
      name: 'create-base-image-r-s-0',
      resolve: String,
      signal: new AbortController().signal,
      later: one => work.push(one),
      keptContainers: new Map(),
      step: 's',
      looks: LOOKS,
    },
  )
  const { exitCode, note } = await running.ended
  expect(exitCode).toBeNull()
  expect(note).toContain('the engine did not answer when last asked')
  await Promise.all(work)
})
