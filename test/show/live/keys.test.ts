import { expect, test } from 'vitest'
import { actionsFor, choose, initialChoice } from '../../../src/show/live/keys.ts'

test('keys stand for actions, in either case and several at once', () => {
  expect(actionsFor('l', false)).toEqual(['log'])
  expect(actionsFor('wC', false)).toEqual(['why', 'command'])
  expect(actionsFor('c', true)).toEqual(['stop'])
  expect(actionsFor('\u0003\u0003', false)).toEqual(['stop', 'stop'])
})

test('an answer of the terminal, a paste and other control keys stand for nothing', () => {
  for (const input of ['[?1;2c', 'class', '[A', '\r', ''])
    expect(actionsFor(input, false)).toEqual([])
  expect(actionsFor('l', true)).toEqual([])
})

test('the log goes from three lines to five, to one, and back to three', () => {
  const five = choose(initialChoice, 'log', false)
  const one = choose(five, 'log', false)
  expect([five.log, one.log, choose(one, 'log', false).log]).toEqual([5, 1, 3])
})

test('w hides a reason that is shown, and brings one for which there was no room', () => {
  expect(choose(initialChoice, 'why', true).why).toBe('off')
  expect(choose(initialChoice, 'why', false).why).toBe('first')
  expect(choose({ ...initialChoice, why: 'off' }, 'why', false).why).toBe('first')
})

test('c turns the exact argument lists on and off', () => {
  const on = choose(initialChoice, 'command', false)
  expect([on.exact, choose(on, 'command', false).exact]).toEqual([true, false])
})
