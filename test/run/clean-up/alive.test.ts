import { expect, onTestFinished, test } from 'vitest'
import { forget, namesOf, remember, stillThere } from '../../../src/run/clean-up/alive.ts'

test('what is there is known by its run, its kind, or all of it', () => {
  const made = {
    a: { kind: 'container', name: 'builder', run: 'one' },
    b: { kind: 'image', name: 'unproven', run: 'one' },
    c: { kind: 'container', name: 'proof', run: 'two' },
  } as const
  onTestFinished(() => Object.keys(made).forEach(forget))
  for (const [id, one] of Object.entries(made)) remember(id, one)
  expect(stillThere()).toEqual(Object.values(made))
  expect(stillThere('one')).toEqual([made.a, made.b])
  expect(namesOf('container')).toEqual(['builder', 'proof'])
  expect(namesOf('container', 'two')).toEqual(['proof'])
  expect(namesOf('image', 'two')).toEqual([])
  forget('a')
  expect(stillThere('one')).toEqual([made.b])
})
