import { expect, test } from 'vitest'
import { adviceFor } from '../../../src/ask/wizard/advice.ts'

test.each([
  [[true, false], 'an official image', 'FROM debian:stable-slim'],
  [[true, true], 'a full image', null],
  [[false, true], 'a minimal image', null],
  [[false, false, true], 'a full image', null],
  [[false, false, false], 'an official image', 'FROM python:3-alpine'],
] as const)('the answers %j lead to %s', (answers, title, instead) => {
  const advice = adviceFor(answers)
  expect(advice).toMatchObject({ title: expect.stringContaining(title) })
  expect('instead' in advice ? (advice.instead?.join(' ') ?? null) : undefined).toEqual(
    instead === null ? null : expect.stringContaining(instead),
  )
})

test.each([[[]], [[true]], [[false]], [[false, false]]])(
  'the answers %j lead to one more question',
  answers => expect(adviceFor(answers)).toHaveProperty('about'),
)
