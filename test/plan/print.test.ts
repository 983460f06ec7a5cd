import { expect, test } from 'vitest'
import { printPlan } from '../../src/plan/print.ts'
import { planFor } from '../../src/plan/plan.ts'
import { facts, given } from './minimal/inputs.ts'

const plan = planFor(given('--libc', 'musl', '--compile-in', 'container'), facts())

test('without a window each command is one line, with its reason below', () => {
  const lines = printPlan(plan).split('\n')
  expect(lines.filter(line => / -static .*hello\.c/.test(line))).toHaveLength(1)
  expect(lines.every(line => !line.endsWith('\\'))).toBe(true)
  expect(lines.at(-2)).toContain('Nothing has been done.')
})

test.each([80, 40])(
  'in %i columns a command goes on in the next line, and says the same',
  columns => {
    const text = printPlan(plan, columns)
    const reasons = text.split('\n').filter(line => /^ {3}[A-Z]/.test(line))
    expect(Math.max(...reasons.map(line => line.length))).toBeLessThanOrEqual(columns)
    expect(text).toMatch(/ \\\n {7}\S/)
    const commands = (said: string) =>
      said
        .replaceAll(/ \\\n */g, ' ')
        .split('\n')
        .filter(line => line.startsWith('   $ '))
    expect(commands(text)).toEqual(commands(printPlan(plan)))
  },
)
