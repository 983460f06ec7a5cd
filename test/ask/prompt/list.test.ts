import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { ChoosePrompt } from '../../../src/ask/asker.ts'
import { chooseFrame, type Place } from '../../../src/ask/prompt/list.ts'
import { lookFor } from '../../../src/ask/prompt/look.ts'
import { cells } from '../../../src/ask/prompt/text.ts'

const look = lookFor(true, {}, 'linux')

const ask: ChoosePrompt = {
  message: 'Which release of these?',
  hint: 'A sentence that helps.',
  problem: ['--release does not accept "x".'],
  filter: true,
  options: [
    ...Array.from({ length: 19 }, (_, i) => ({
      value: `v${i}`,
      label: `${24 - i}.04 release 世界`,
      says: `What ${i} means, said in a sentence.`,
      also: i % 2 === 0 ? 'even' : 'odd',
    })),
    { value: 'older', label: 'Older ones…', always: true as const },
  ],
}

const WINDOWS = [
  { columns: 120, rows: 60 },
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
  { columns: 20, rows: 6 },
  { columns: 12, rows: 4 },
]

const drawn = (place: Place, window = { columns: 80, rows: 24 }, asked = ask) => {
  const { lines, cursor } = chooseFrame(asked, place, look, window)
  return { lines: lines.map(line => stripVTControlCharacters(line)), cursor }
}

const marked = (lines: readonly string[]): string[] => lines.filter(line => line.includes('❯'))

test.each(WINDOWS)('a filtered list fits in $columns by $rows, with its cursor', window => {
  for (const input of ['', 'even', 'nothing', 'a text that is longer than most windows are wide'])
    for (let index = 0; index <= ask.options.length; index += 1) {
      const { lines, cursor } = drawn({ index, input }, window)
      expect(lines.length).toBeLessThan(window.rows)
      expect(Math.max(...lines.map(cells))).toBeLessThan(window.columns)
      expect(cursor!.column).toBeLessThan(window.columns)
      expect(lines[cursor!.line]).toMatch(/^ {2}› /)
    }
})

test.each(WINDOWS)('the chosen option is on the screen in $columns by $rows', window => {
  for (let index = 0; index < ask.options.length; index += 1) {
    const [line, ...others] = marked(drawn({ index, input: '' }, window).lines)
    expect(line).toMatch(new RegExp(`❯ ${ask.options[index]?.label.slice(0, 2)}`))
    expect(others).toEqual([])
  }
})

test.each([
  [0, '↓'],
  [9, '↑↓'],
  [19, '↑'],
])('at option %i of a cut list, signs say where there is more: %s', (index, signs) => {
  for (const window of WINDOWS.slice(1)) {
    const { lines } = drawn({ index, input: '' }, window)
    const edge = lines.filter(line => /^[↑↓]/.test(line)).map(line => line.slice(0, 2).trim())
    expect(edge.join('')).toBe(signs)
  }
})

test('a list that fits has no such sign', () => {
  const { lines } = drawn({ index: 9, input: '' }, { columns: 80, rows: 60 })
  expect(lines.join('\n')).not.toMatch(/^[↑↓]/m)
})

test('in 80 by 24 a list of twenty keeps its sentence and its keys', () => {
  const { lines } = drawn({ index: 9, input: '' })
  expect(lines.join('\n')).toMatch(
    /What 9 means[^]*choose · Enter select · Esc back · Ctrl-C leave$/,
  )
})

test('what is always shown is no match', () => {
  expect(drawn({ index: 0, input: 'e' }).lines.join('\n')).toContain('› e  19 of 19\n')
})

test('a filter shows its text, how many match, and that Esc clears it', () => {
  const text = drawn({ index: 0, input: 'even' }).lines.join('\n')
  expect(text).toMatch(/› even {2}10 of 19\n/)
  expect(text).toMatch(/❯ 24\.04[^]* {4}6\.04[^]* {4}Older ones…/)
  expect(text).not.toContain('23.04')
  expect(text).toContain('Esc clear')
})

test('what stands above the list stays while the list becomes shorter', () => {
  for (const window of WINDOWS) {
    const whole = drawn({ index: 0, input: '' }, window).lines
    const short = drawn({ index: 0, input: '24' }, window).lines
    const above = (lines: readonly string[]): number => lines.findIndex(line => line.includes('❯'))
    expect(above(short)).toBe(above(whole))
  }
})

test('without a match it says so, and marks nothing', () => {
  for (const window of WINDOWS.slice(0, 4)) {
    const { lines } = drawn({ index: ask.options.length, input: 'nothing' }, window)
    expect(lines.join(' ')).toMatch(/Nothing matches; +Backspace/)
    expect(lines.join(' ')).toContain('Older ones…')
    expect(marked(lines)).toEqual([])
  }
})

test('a long list without a filter is cut with the same signs, and hides its cursor', () => {
  const { filter: _, ...plain } = ask
  const { lines, cursor } = drawn({ index: 9, input: '' }, { columns: 40, rows: 12 }, plain)
  expect(lines.length).toBeLessThan(12)
  expect(lines.filter(line => /^[↑↓] /.test(line))).toHaveLength(2)
  expect(cursor).toBeNull()
})

test('what stands beside the labels has a column of its own, where there is room for all of it', () => {
  const beside = ask.options.map((option, i) =>
    i < 2 ? { ...option, beside: `words ${i}` } : option,
  )
  const { lines } = drawn(
    { index: 0, input: '' },
    { columns: 80, rows: 40 },
    { ...ask, options: beside },
  )
  const rows = lines.filter(line => / words \d$/.test(line))
  expect(rows).toHaveLength(2)
  expect(rows[0]!.indexOf('words')).toBe(rows[1]!.indexOf('words'))
  const narrow = drawn(
    { index: 0, input: '' },
    { columns: 30, rows: 40 },
    { ...ask, options: beside },
  )
  expect(narrow.lines.join()).not.toMatch(/words/)
  const brief = beside.map(option => ({ ...option, brief: 'b' }))
  const short = drawn(
    { index: 0, input: '' },
    { columns: 30, rows: 40 },
    { ...ask, options: brief },
  )
  expect(short.lines.filter(line => line.endsWith('  b')).length).toBeGreaterThan(6)
})

test('rare options take no room until they are found', () => {
  const options = ask.options.map((option, i) =>
    i > 3 ? { ...option, rare: true as const } : option,
  )
  const { lines } = drawn({ index: 0, input: '' }, { columns: 80, rows: 24 }, { ...ask, options })
  expect(lines.filter(line => /\.04 release/.test(line))).toHaveLength(4)
  const found = drawn({ index: 18, input: '6.04' }, { columns: 80, rows: 24 }, { ...ask, options })
  expect(marked(found.lines)[0]).toMatch(/❯ 6\.04 release/)
})
