import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { writeFrame } from '../../../src/ask/prompt/layout.ts'
import { chooseFrame } from '../../../src/ask/prompt/list.ts'
import { lookFor } from '../../../src/ask/prompt/look.ts'
import { cells } from '../../../src/ask/prompt/text.ts'
import { questions } from '../../../src/ask/questions/index.ts'

const look = lookFor(true, {}, 'linux')
const ask = {
  message: 'Which of these many is it?',
  hint: 'A sentence that helps, and that is long enough to wrap in most windows.',
  problem: ['That was nothing.', 'Choose one of them.'],
  options: Array.from({ length: 12 }, (_, i) => ({
    value: `v${i}`,
    label: `Option ${i} 世界`,
    says: 'What it means, said in a sentence.',
  })),
}

const WINDOWS = [
  { columns: 120, rows: 60 },
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
  { columns: 20, rows: 6 },
  { columns: 12, rows: 4 },
]

test.each(WINDOWS)('a list fits in $columns by $rows with its chosen option', window => {
  for (let index = 0; index < ask.options.length; index += 1) {
    const lines = chooseFrame(ask, { index, input: '' }, look, window).lines.map(line =>
      stripVTControlCharacters(line),
    )
    expect(lines.length).toBeLessThan(window.rows)
    expect(Math.max(...lines.map(cells))).toBeLessThan(window.columns)
    if (window.rows > 4) expect(lines.filter(line => line.includes('❯'))).toHaveLength(1)
  }
})

test.each(WINDOWS)('a typed line fits in $columns by $rows, with the cursor in it', window => {
  const text = 'a long text with 世界 in it '.repeat(9)
  for (let cursor = 0; cursor <= text.length; cursor += 1) {
    const frame = writeFrame(
      { message: 'What?', standard: 'x', check: () => null },
      { text, cursor },
      look,
      window,
    )
    const widths = frame.lines.map(line => cells(stripVTControlCharacters(line)))
    expect(Math.max(...widths)).toBeLessThan(window.columns)
    expect(frame.cursor!.column).toBeLessThan(window.columns)
    expect(frame.lines.length).toBeLessThan(window.rows)
  }
})

test('every question is at most 38 characters, so that it stays on one line in a narrow window', () => {
  const messages = Object.values(questions).map(({ prompt }) => prompt?.message ?? '')
  expect(messages.filter(message => message.length > 38)).toEqual([])
  expect(messages.filter(message => message === '')).toEqual([])
})

test('without colours a frame has no escape code', () => {
  const { lines } = chooseFrame(ask, { index: 0, input: '' }, lookFor(false, {}, 'linux'), {
    columns: 80,
    rows: 24,
  })
  expect(lines.join('')).not.toContain('\u001b')
})
