import { expect, test } from 'vitest'
import { Leave, type Asker } from '../../../src/ask/asker.ts'
import { askAfterFailure, type AfterFailureWords } from '../../../src/ask/wizard/after-failure.ts'

const INSTEAD = { label: 'Make it with debootstrap instead', says: 'Slower.' }

/** What the list holds, and what comes of the choice of its first line. */
const first = async (words: AfterFailureWords) => {
  const seen: string[] = []
  const asker = {
    choose: ({ options }: Parameters<Asker['choose']>[0]) => {
      seen.push(...options.map(({ value }) => value))
      return Promise.resolve(options[0]!.value)
    },
  } as unknown as Asker
  return { chosen: await askAfterFailure(asker, words), seen }
}

test('another way that may go well is the first choice, where there is one', async () => {
  expect(await first({ title: 'Make it', instead: INSTEAD })).toEqual({
    chosen: 'instead',
    seen: ['instead', 'retry', 'change', 'stop'],
  })
  expect((await first({ title: 'Make it' })).seen).toEqual(['retry', 'change', 'stop'])
})

test('Ctrl-C leaves', async () => {
  const asker = { choose: () => Promise.reject(new Leave('ctrl-c')) } as unknown as Asker
  expect(await askAfterFailure(asker, { title: 'Make it', instead: INSTEAD })).toBe('stop')
})
