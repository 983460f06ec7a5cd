import { mkdirSync, readdirSync, writeFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINIMAL } from '../recorder/plays.ts'
import { eventsOf, openRecorder, runHere, stepsOf, type Recorder } from '../recorder/recorder.ts'
import type { Event } from '../../src/run/events.ts'
import { newRunId } from '../../src/run/process/run-id.ts'

const posix = test.skipIf(process.platform === 'win32')
const [machine] = newRunId().split('-')

const turns = ({ folder }: Recorder): string => join(folder, '.cache/create-base-image/turns')

/** The lock that a first run made, taken by another living process. */
const heldLock = async (recorder: Recorder): Promise<string> => {
  let path = ''
  const call = recorder.engine.call.bind(recorder.engine)
  recorder.engine.call = one => {
    if (one.argv[0] === 'commit') path = join(turns(recorder), readdirSync(turns(recorder))[0]!)
    return call(one)
  }
  await runHere(recorder, ['--yes'])
  for (const name of recorder.images())
    if (name.startsWith('create-base-image/')) recorder.engine.images.delete(name)
  rmSync(join(recorder.folder, 'hello'), { recursive: true })
  writeFileSync(path, `${machine}-${process.ppid}-00000001`)
  return path
}

const newRun = ['--yes', '--tag', 'second']
const plays = [...MINIMAL, { of: 'second', stdout: 'Hello from the second\n' }]

/** Does something when the run says that it waits for another; a clock would be wrong on a busy machine. */
const onceWaiting =
  (does: () => void) =>
  (event: Event): void => {
    if (event.type === 'output' && event.line.startsWith('Another run')) does()
  }

posix('a builder that another run makes just now is waited for, and taken', async () => {
  const recorder = openRecorder({ plays })
  const path = await heldLock(recorder)
  const compiler = recorder.asked('commit')[0]!.words[1]!
  const made = (): void => {
    recorder.engine.image(compiler)
    rmSync(path)
  }
  const ran = await runHere(recorder, newRun, { seen: onceWaiting(made) })
  expect(ran.end.exitCode).toBe(0)
  expect(recorder.asked('commit')).toHaveLength(1)
  expect(stepsOf(ran).skipped).toContain('compiler')
  const said = eventsOf(ran, 'output').map(({ line }) => line)
  expect(said).toContain(
    `Another run (process ${process.ppid}) gets ${compiler} just now; waiting for it.`,
  )
})

posix('when the other run made none, this one does', async () => {
  const recorder = openRecorder({ plays })
  const path = await heldLock(recorder)
  const ran = await runHere(recorder, newRun, { seen: onceWaiting(() => rmSync(path)) })
  expect(stepsOf(ran).done).toContain('compiler')
  expect(readdirSync(turns(recorder))).toEqual([])
})

posix('a stop ends the waiting', async () => {
  const recorder = openRecorder({ plays })
  const path = await heldLock(recorder)
  const stop = new AbortController()
  const ran = await runHere(recorder, newRun, {
    signal: stop.signal,
    seen: onceWaiting(() => stop.abort('SIGINT')),
  })
  expect(ran.end.exitCode).toBe(130)
  expect(readdirSync(turns(recorder))).toEqual([path.split('/').at(-1)])
})

posix('the lock of a dead run is taken over', async () => {
  const recorder = openRecorder({ plays })
  writeFileSync(await heldLock(recorder), `${machine}-4194305-00000001`)
  const ran = await runHere(recorder, newRun)
  expect(stepsOf(ran).done).toContain('compiler')
})

posix('a builder that somebody made meanwhile elsewhere keeps its name', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const call = recorder.engine.call.bind(recorder.engine)
  let name = ''
  recorder.engine.call = async one => {
    if (one.argv[0] === 'image' && one.argv[4]?.startsWith('create-base-image/')) name = one.argv[4]
    const ended = await call(one)
    if (one.argv[0] === 'start' && name !== '') recorder.engine.image(name, { size: 77 })
    return ended
  }
  const ran = await runHere(recorder, ['--yes'])
  expect(ran.end.exitCode).toBe(0)
  expect(recorder.asked('commit')).toEqual([])
  expect(recorder.engine.images.get(name)!.size).toBe(77)
})

posix('where no lock can be kept, the run goes on without', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  mkdirSync(join(recorder.folder, '.cache'))
  writeFileSync(join(recorder.folder, '.cache/create-base-image'), 'a file in its place')
  expect((await runHere(recorder, ['--yes'])).end.exitCode).toBe(0)
})
