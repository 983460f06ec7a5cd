import { expect, test } from 'vitest'
import { createPace } from '../../../src/show/live/pace.ts'

test('at most fifteen drawings fit into a second, however often is asked', () => {
  const pace = createPace()
  const drawn: number[] = []
  for (let now = 0; now < 10_000; now += 1) {
    if (!pace.allows(now, now % 7 === 0)) continue
    pace.drawn(now)
    drawn.push(now)
  }
  // As many as may be: a pace that never draws would keep every limit.
  expect(drawn.length).toBeGreaterThanOrEqual(140)
  for (const from of drawn)
    expect(drawn.filter(at => at >= from && at < from + 1000).length).toBeLessThanOrEqual(15)
})

test('a key need not wait its turn', () => {
  const pace = createPace()
  pace.drawn(1000)
  expect(pace.allows(1010, false)).toBe(false)
  expect(pace.allows(1010, true)).toBe(true)
})

test('without keys it draws every 80 ms, and again once that has passed', () => {
  const pace = createPace()
  const drawn: number[] = []
  for (let now = 0; now < 400; now += 1) {
    if (!pace.allows(now, false)) continue
    pace.drawn(now)
    drawn.push(now)
  }
  expect(drawn).toEqual([0, 80, 160, 240, 320])
})

test('the sixteenth key of a second waits, and is drawn when the second is over', () => {
  const pace = createPace()
  for (let now = 0; now < 15; now += 1) {
    expect(pace.allows(now, true)).toBe(true)
    pace.drawn(now)
  }
  expect(pace.allows(999, true)).toBe(false)
  expect(pace.allows(1000, true)).toBe(true)
})
