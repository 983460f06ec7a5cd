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
  for (const from of drawn)
    expect(drawn.filter(at => at >= from && at < from + 1000).length).toBeLessThanOrEqual(15)
})

test('a key need not wait its turn', () => {
  const pace = createPace()
  pace.drawn(1000)
  expect(pace.allows(1010, false)).toBe(false)
  expect(pace.allows(1010, true)).toBe(true)
})
