import { expect, test } from 'vitest'
import {
  aboutText,
  leftText,
  learnSpeed,
  timeLeft,
  type Speed,
} from '../../../src/show/live/time-left.ts'

/** A step at a steady speed, told every 100 ms: its fraction after `seconds` of a hundred. */
const steady = (seconds: number): Speed | null => {
  let speed: Speed | null = null
  for (let at = 0; at <= seconds * 1000; at += 100) speed = learnSpeed(speed, at / 100_000, at)
  return speed
}

test('nothing is said before a fraction has been known for three seconds', () => {
  expect(timeLeft(steady(2.9), 2900)).toBeNull()
  expect(timeLeft(steady(3), 3000)).toBeCloseTo(97_000, -2)
})

test('the time left counts down, and follows a step that gets slower', () => {
  let speed = steady(40)
  expect(timeLeft(speed, 40_000)).toBeCloseTo(60_000, -2)
  for (let at = 0; at <= 20_000; at += 100)
    speed = learnSpeed(speed, 0.4 + at / 400_000, 40_000 + at)
  expect(timeLeft(speed, 60_000)).toBeCloseTo(220_000, -2)
})

test('nothing is said at a standstill, after a silence, or when the time is over', () => {
  const speed = steady(10)
  expect(timeLeft(speed, 15_001)).toBeNull()
  const stuck = [5100, 5100, 5100].reduce<[Speed | null, number]>(
    ([last, at], more) => [learnSpeed(last, 0.1, at + more), at + more],
    [speed, 10_000],
  )
  expect(timeLeft(...stuck)).toBeNull()
  expect(timeLeft(steady(99.5), 99_500)).toBeNull()
  expect([leftText(speed, 15_001), leftText(...stuck)]).toEqual(['a while', 'a while'])
  expect([leftText(null, 0), leftText(steady(1), 1000)]).toEqual([null, null])
})

test.each([
  [4_400, 'about 4 s'],
  [23_000, 'about 25 s'],
  [88_000, 'about 1 min 30 s'],
])('%i ms is said as %s', (milliseconds, text) => {
  expect(aboutText(milliseconds)).toBe(text)
})
