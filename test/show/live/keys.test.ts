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

test('l opens the log at its end and closes it; q and Esc close it', () => {
  const open = choose(initialChoice, 'log', null)
  expect(open.log).toBe('end')
  expect(choose(open, 'log', PLACE).log).toBeNull()
  expect(actionsFor('q', false)).toEqual(['close'])
  expect(actionsFor('', false, 'escape')).toEqual(['close'])
  expect(choose(open, 'close', PLACE).log).toBeNull()
})

const PLACE = { top: 50, last: 90, page: 10 }

test.each([
  ['upArrow', 49],
  ['downArrow', 51],
  ['pageUp', 40],
  ['pageDown', 60],
  ['home', 0],
  ['end', 'end'],
] as const)('%s moves the open log', (key, to) => {
  const [action] = actionsFor('', false, key)
  expect(choose({ ...initialChoice, log: 50 }, action!, PLACE).log).toBe(to)
  expect(choose(initialChoice, action!, null)).toEqual(initialChoice)
})

test('a move ends at the first row, and at the end the log follows again', () => {
  expect(choose({ ...initialChoice, log: 4 }, 'pageUp', { ...PLACE, top: 4 }).log).toBe(0)
  expect(choose({ ...initialChoice, log: 88 }, 'pageDown', { ...PLACE, top: 88 }).log).toBe('end')
})

test('w asks for the reason and never hides it', () => {
  const asked = choose(initialChoice, 'why', null)
  expect([asked.why, choose(asked, 'why', null).why]).toEqual(['first', 'room'])
})

test('c turns the exact argument lists on and off', () => {
  const on = choose(initialChoice, 'command', null)
  expect([on.exact, choose(on, 'command', null).exact]).toEqual([true, false])
})
