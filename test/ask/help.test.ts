import { expect, test } from 'vitest'
import { EXIT } from '../../src/errors.ts'
import { helpText } from '../../src/ask/help.ts'
import { questions } from '../../src/ask/questions/index.ts'
import { switches } from '../../src/ask/switches.ts'

test('help names every flag, begins with examples, and fits 110 columns', () => {
  const text = helpText()
  for (const { name } of [...Object.values(questions), ...switches]) {
    expect(text).toContain(name === 'directory' ? '[directory]' : `--${name}`)
  }
  expect(text.indexOf('npx create-base-image --yes')).toBeLessThan(text.indexOf('Usage'))
  expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(110)
})

test('every exit code is named', () => {
  const closing = helpText().split('Exit codes')[1] ?? ''
  for (const code of Object.values(EXIT)) expect(closing).toMatch(new RegExp(`\\b${code} [a-z]`))
})
