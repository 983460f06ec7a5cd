import { expect, test } from 'vitest'
import { COMPILES, INSTALLS } from '../../recorder/plays.ts'
import { eventsOf, openRecorder, runHere } from '../../recorder/recorder.ts'

const posix = test.skipIf(process.platform === 'win32')
/** The program of the image is killed, so that the image is not proven. */
const FAILS = [INSTALLS, COMPILES, { of: 'hello', exitCode: 139 }]

posix('an image that failed gives its name back to the one that had it', async () => {
  const recorder = openRecorder({ plays: FAILS })
  const { id } = recorder.engine.image('hello')
  const ran = await runHere(recorder, ['--yes'])
  expect(ran.end.exitCode).toBe(1)
  expect(eventsOf(ran, 'given-back')).toEqual([{ type: 'given-back', name: 'hello', id }])
  expect(recorder.engine.images.get('hello:latest')?.id).toBe(id)
  // The one that failed is gone.
  expect([...recorder.engine.images.values()].map(({ name }) => name)).not.toContain(
    '<none>:<none>',
  )
})

posix('an image that failed keeps no name where nothing had it', async () => {
  const recorder = openRecorder({ plays: FAILS })
  const ran = await runHere(recorder, ['--yes'])
  expect(eventsOf(ran, 'given-back')).toEqual([{ type: 'given-back', name: 'hello', id: null }])
  expect(recorder.engine.images.has('hello:latest')).toBe(false)
})

posix('an image that is proven keeps the name, and nothing is given back', async () => {
  const recorder = openRecorder({ plays: [INSTALLS, COMPILES, { of: 'hello', stdout: 'Hello\n' }] })
  const { id } = recorder.engine.image('hello')
  const ran = await runHere(recorder, ['--yes'])
  expect(eventsOf(ran, 'given-back')).toEqual([])
  expect(recorder.engine.images.get('hello:latest')?.id).not.toBe(id)
})
