import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINIMAL } from '../recorder/plays.ts'
import { eventsOf, openRecorder, runHere } from '../recorder/recorder.ts'

const posix = test.skipIf(process.platform === 'win32')

posix(
  'an image that a new one took the name of is told with its size and the command',
  async () => {
    const recorder = openRecorder({ plays: MINIMAL })
    const { id } = recorder.engine.image('hello', { size: 4321 })
    const ran = await runHere(recorder, ['--yes'])
    expect(eventsOf(ran, 'outcome')[0]!.replaced).toEqual({
      id,
      bytes: 4321,
      remove: `docker rmi ${id}`,
    })
    const state = readFileSync(join(recorder.folder, 'hello/.create-base-image/state.json'), 'utf8')
    expect(JSON.parse(state)).toMatchObject({ replaced: [id] })
  },
)

posix('one that has another name, or is the same image, is not told', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const { id } = recorder.engine.image('hello')
  recorder.engine.image('mine', { id })
  expect(eventsOf(await runHere(recorder, ['--yes']), 'outcome')[0]!.replaced).toBeUndefined()
  rmSync(join(recorder.folder, 'hello'), { recursive: true })
  recorder.engine.script = {
    plays: MINIMAL,
    built: { id: recorder.engine.images.get('hello:latest')!.id },
  }
  expect(eventsOf(await runHere(recorder, ['--yes']), 'outcome')[0]!.replaced).toBeUndefined()
})

posix('an engine that removes such images by itself has nothing to tell', async () => {
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'image inspect sha256', exitCode: 1 }],
  })
  recorder.engine.image('hello')
  expect(eventsOf(await runHere(recorder, ['--yes']), 'outcome')[0]!.replaced).toBeUndefined()
})
