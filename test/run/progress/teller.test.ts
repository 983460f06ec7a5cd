import { expect, test } from 'vitest'
import { progressTeller } from '../../../src/run/progress/teller.ts'

test('the fraction never falls and stays within 0 and 1', () => {
  const tell = progressTeller()
  const told = [0.5, 0.2, Number.NaN, undefined, -1, 7].flatMap(fraction =>
    tell({ ...(fraction === undefined ? {} : { fraction }), text: String(fraction) }),
  )
  expect(
    told.map(reading => (reading.kind === 'progress' ? reading.progress.fraction : '')),
  ).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 1])
})

test('the same progress is told once', () => {
  const tell = progressTeller()
  expect(tell({ fraction: 0.5 })).toHaveLength(1)
  expect(tell({ fraction: 0.5 })).toEqual([])
  expect(tell({})).toEqual([])
})

test('done is at most total', () => {
  expect(progressTeller()({ done: 9, total: 3, unit: 'steps' })).toEqual([
    { kind: 'progress', progress: { done: 3, total: 3, unit: 'steps' } },
  ])
})

test('an almost complete fraction is not rounded up to 1, and long text is shortened', () => {
  const [reading] = progressTeller()({ fraction: 0.99999, text: 'x'.repeat(200) })
  expect(reading).toEqual({
    kind: 'progress',
    progress: { fraction: 0.9999, text: `${'x'.repeat(79)}…` },
  })
})
