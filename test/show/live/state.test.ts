import { expect, test } from 'vitest'
import { initialState, reduce } from '../../../src/show/live/state.ts'
import type { Event } from '../../../src/run/events.ts'
import { done, FAILED, HALFWAY, OUTCOME, output, PLAN, progress, started } from './events.ts'

const after = (...events: readonly Event[]) => reduce(initialState, events, 1000)

test('a bar never goes back, whatever its events say', () => {
  const told = [0.2, 0.6, 0.4, -1, 2, 0.1, Number.NaN]
  const fractions = told.map((_, index) => {
    const events = told.slice(0, index + 1).map(fraction => progress('engine', { fraction }))
    return after(PLAN, started('engine'), ...events).current?.fraction
  })
  expect(fractions).toEqual([0.2, 0.6, 0.6, 0.6, 1, 1, 1])
})

test('a fraction is taken from counts when it is not told, and kept when nothing is told', () => {
  const events = [
    PLAN,
    started('engine'),
    progress('engine', { done: 1, total: 4, unit: 'layers' }),
  ]
  expect(after(...events).current?.fraction).toBe(0.25)
  expect(after(...events, progress('engine', { text: 'Extracting' })).current).toMatchObject({
    fraction: 0.25,
    progress: { text: 'Extracting' },
  })
})

test('a step that is tried again begins with an empty bar and an empty log', () => {
  const state = after(...HALFWAY, FAILED, started('bootstrap'))
  expect(state).toMatchObject({ phase: 'running', log: [], current: { fraction: null } })
})

test('of many lines only the last 5,000 are kept, the same in one batch or in many', () => {
  const lines = Array.from({ length: 5070 }, (_, index) => output('engine', `line ${index}`))
  const one = after(PLAN, started('engine'), ...lines)
  const batches = Array.from({ length: 51 }, (_, i) => lines.slice(i * 100, (i + 1) * 100))
  const many = batches.reduce(
    (state, batch) => reduce(state, batch, 0),
    after(PLAN, started('engine')),
  )
  expect(one.log).toHaveLength(5000)
  expect(one.log.at(-1)).toBe('line 5069')
  expect(many.log).toEqual(one.log)
})

test('what lasts is kept in order; output and progress do not last', () => {
  const types = after(...HALFWAY, done('bootstrap'), OUTCOME).lasting.map(({ type }) => type)
  expect(types).toEqual(['plan', 'step-done', 'step-done', 'step-done', 'outcome'])
})

test('a run that is being stopped stays so until it is clean', () => {
  const stopping = after(...HALFWAY, { type: 'stopped', signal: 'SIGINT', clean: false }, FAILED)
  expect(stopping.phase).toBe('stopping')
  expect(reduce(stopping, [{ type: 'stopped', signal: 'SIGINT', clean: true }], 0).phase).toBe(
    'over',
  )
})

test('progress of another step than the running one is left out', () => {
  expect(
    after(PLAN, started('engine'), progress('run', { fraction: 0.5 })).current?.fraction,
  ).toBeNull()
})
