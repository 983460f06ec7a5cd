import { expect, test } from 'vitest'
import { paintFor } from '../../src/show/paint.ts'
import { quietView } from '../../src/show/quiet.ts'
import type { Event } from '../../src/run/events.ts'

const shown = async (events: Event[]) => {
  const told = { out: '', err: '' }
  const view = quietView({
    out: { write: text => void (told.out += text) },
    err: { write: text => void (told.err += text) },
    paint: paintFor(false),
  })
  await view.show(events)
  expect(await view.decide({} as never)).toBe('stop')
  return told
}

const STEPS = [{ id: 'build', title: 'Build it', why: '', commands: [] }]
const plan = { type: 'plan', steps: STEPS, notices: ['Beware.'] } as unknown as Event

test('a run that succeeds says the ID of its image and nothing else', async () => {
  const outcome = { type: 'outcome', id: 'sha256:12' } as unknown as Event
  const progress = { type: 'progress', step: 'build', text: 'half' } as Event
  expect(await shown([plan, progress, outcome])).toEqual({ out: 'sha256:12\n', err: '' })
})

test('one that fails says why on stderr', async () => {
  const failed = {
    type: 'step-failed',
    step: 'build',
    message: 'It ended with 1.',
    lastLines: [],
    remedy: null,
    log: '',
    repeat: '',
  } as unknown as Event
  const { out, err } = await shown([plan, failed])
  expect(out).toBe('')
  expect(err).toMatch(/^Failed: Build it\n +It ended with 1\.\n$/)
})
