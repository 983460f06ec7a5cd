import { expect, test } from 'vitest'
import { endOf, useDemo } from './demo.ts'
import { KEY } from './terminal.ts'

const demo = useDemo()
const env = { DEMO_PLAIN: '1' }

test('plain questions are numbered lines, and Enter takes what they say', async () => {
  const terminal = demo.open([], { env, rows: 80, cols: 120 })
  const first = await terminal.waitFor(/press Enter for 1[^]*: *$/)
  expect(first).toMatch(/1\. Minimal\. .*\n +2\. Full/)
  for (const question of [
    /Which program/,
    /need anything/,
    /Which C lib/,
    /Where is it/,
    /called/,
    /folder/,
  ]) {
    terminal.write(KEY.enter)
    await terminal.waitFor(new RegExp(`${question.source}[^]*: *$`))
  }
  terminal.write(KEY.enter)
  expect(await terminal.waitFor(/Ready to run[^]*: *$/)).toMatch(/Name {7}hello\nFolder/)
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toMatchObject({ kind: 'run' })
  expect(terminal.raw()).not.toContain('\u001b')
})

test('the words back and leave do what they say', async () => {
  const terminal = demo.open([], { env, rows: 80, cols: 120 })
  await terminal.waitFor(/What kind[^]*: *$/)
  terminal.write('1\r')
  await terminal.waitFor(/Which program[^]*: *$/)
  terminal.write('back\r')
  await terminal.waitFor(/Which program[^]*What kind[^]*: *$/)
  terminal.write('leave\r')
  expect(await terminal.exit()).toBe(130)
})

test('a wrong number is said to be wrong, and asked for again', async () => {
  const terminal = demo.open([], { env, rows: 80, cols: 120 })
  await terminal.waitFor(/What kind[^]*: *$/)
  terminal.write('7\r')
  await terminal.waitFor(/none of the numbers 1 to 3[^]*: *$/)
})

test.each([
  ['Ctrl-C', KEY.ctrlC],
  ['Ctrl-D', KEY.ctrlD],
])('%s leaves with 130', async (_, key) => {
  const terminal = demo.open([], { env })
  await terminal.waitFor(/: *$/)
  terminal.write(key)
  expect(await terminal.exit()).toBe(130)
})
