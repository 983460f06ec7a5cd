import { expect, test } from 'vitest'
import { endOf, useDemo, whole } from './demo.ts'
import { KEY } from './terminal.ts'

const demo = useDemo('list-demo.ts')

test('twenty options fit in 80 by 24 with the keys below them, and typing narrows them', async () => {
  const terminal = demo.open()
  expect(await terminal.waitFor(whole(/Which release/))).toMatch(
    /› type to find one of 19\n[^]*❯ 24\.04 noble\n[^]*\n↓ /,
  )
  terminal.write('jam')
  expect(await terminal.waitFor(whole(/› jam {2}1 of 19/))).toMatch(
    /❯ 21\.04 jammy\n {4}Older releases…\n/,
  )
  terminal.write(KEY.escape)
  await terminal.waitFor(whole(/one of 19[^]*24\.04[^]*❯ 21\.04 jammy/))
  terminal.write(`lts 20${KEY.enter}`)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toEqual({ value: 'hirsute' })
})

test('Esc clears the filter, and a second one leads back', async () => {
  const terminal = demo.open()
  await terminal.waitFor(whole(/Which release/))
  terminal.write('zz')
  await terminal.waitFor(whole(/zz {2}0 of 19[^]*Nothing matches; Backspace[^]*Esc clear/))
  terminal.write(`${KEY.enter}${KEY.escape}`)
  await terminal.waitFor(whole(/one of 19[^]*Esc back/))
  terminal.write(KEY.escape)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toEqual({ left: 'Back' })
  expect(terminal.raw()).not.toContain('\u0007')
})

test.each([
  [40, 12],
  [20, 6],
])('in %i by %i the list scrolls, and the question is there once', async (cols, rows) => {
  const terminal = demo.open([], { cols, rows })
  expect(await terminal.waitFor(/❯ 24\.04 noble[^]*\n↓ /)).not.toContain('↑')
  terminal.write(KEY.down.repeat(9))
  const middle = await terminal.waitFor(/\n↑ [^]*❯ 20\.10 groovy[^]*\n↓ /)
  expect(middle.match(/Which release/g)).toHaveLength(1)
  terminal.write(KEY.up.repeat(10))
  expect(await terminal.waitFor(/\n↑ [^]*❯ Older/)).not.toContain('↓')
  terminal.write(`xen${KEY.enter}`)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toEqual({ value: 'xenial' })
})

test('a narrowed list survives a resize', async () => {
  const terminal = demo.open()
  await terminal.waitFor(whole(/Which release/))
  terminal.write('lts')
  await terminal.waitFor(whole(/› lts/))
  terminal.resize(40, 12)
  const screen = await terminal.waitFor(
    /› lts {2}5 of 19\n {2}❯ 24\.04 noble[^]*What noble means\.$/,
  )
  expect(screen.match(/Which release/g)).toHaveLength(1)
})

const spoken = (keys: string) => {
  const terminal = demo.open([], { env: { DEMO_PLAIN: '1' }, cols: 120, rows: 80 })
  return {
    terminal,
    ready: terminal.waitFor(/20\. Older[^]*: *$/).then(() => terminal.write(keys)),
  }
}

test('plain: a text narrows the list, numbers count anew, and one match is named before it is taken', async () => {
  const { terminal, ready } = spoken('LTS\r')
  await ready
  expect(await terminal.waitFor(/5 match "LTS":[^]*: *$/)).toMatch(
    / {2}2\. 22\.04 lunar\. What lunar means\.\n[^]* {2}6\. Older releases….*\nType a number or part of a name, or press Enter for 1 \(or: all, back, leave\):$/,
  )
  terminal.write('20.04\r')
  await terminal.waitFor(
    /\n20\.04 hirsute: press Enter to take it, or type something else \(or: all, back, leave\):$/,
  )
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toEqual({ value: 'hirsute' })
  expect(terminal.raw()).not.toContain('\u001b')
})

test('plain: a number of the narrowed list is taken', async () => {
  const { terminal, ready } = spoken('lts\r')
  await ready
  await terminal.waitFor(/5 match[^]*: *$/)
  terminal.write('2\r')
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toEqual({ value: 'lunar' })
})

test('plain: without a match it says so and Enter selects nothing; all reads the list again', async () => {
  const { terminal, ready } = spoken('warty\r')
  await ready
  expect(await terminal.waitFor(/Nothing matches[^]*: *$/)).toMatch(
    /Nothing matches "warty"\.\n {2}1\. Older releases….*\nType a number or part of a name \(or: all, back, leave\):$/,
  )
  terminal.write(KEY.enter)
  await terminal.waitFor(/Nothing matches[^]* {2}20\. Older[^]*Enter for 1 \(or[^]*: *$/)
  terminal.write('noble\r')
  await terminal.waitFor(/noble: press Enter to take it[^]*: *$/)
  terminal.write('all\r')
  await terminal.waitFor(/noble: press Enter[^]* {2}20\. Older[^]*Enter for 1 \(or[^]*: *$/)
  terminal.write('back\r')
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toEqual({ left: 'Back' })
})
