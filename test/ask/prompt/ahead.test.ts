import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Ahead, ChoosePrompt, PageLine } from '../../../src/ask/asker.ts'
import { pageLines, writeFrame } from '../../../src/ask/prompt/layout.ts'
import { chooseFrame } from '../../../src/ask/prompt/list.ts'
import { lookFor } from '../../../src/ask/prompt/look.ts'
import { cells } from '../../../src/ask/prompt/text.ts'

const look = lookFor(true, {}, 'linux')

const leadsTo = (value: string): Ahead => ({
  made: [
    'FROM scratch',
    `ADD ${value} /`,
    `$ cc -static -o ${value} ${'--a-long-option-of-the-compiler '.repeat(9).trim()} end-of-${value}`,
    `$ docker run --rm ${value}`,
  ],
  costs: [`The image of ${value} takes about 760 kB.`, 'Nothing is downloaded.'],
})

const foresight = {
  of: (value: string) => (value === 'nowhere' ? null : leadsTo(value)),
  known: Promise.resolve(),
}

const ask: ChoosePrompt = {
  message: 'Which of these is it?',
  hint: 'A sentence that helps to choose.',
  options: ['one', 'two', 'nowhere'].map(value => ({
    value,
    label: `Option ${value}`,
    says: `What ${value} means.`,
  })),
  foresight,
}

const drawn = (index: number, window = { columns: 80, rows: 24 }, asked = ask): string[] =>
  chooseFrame(asked, { index, input: '' }, look, window).lines.map(line =>
    stripVTControlCharacters(line),
  )

test('from 100 columns on what the pointed option leads to stands beside the question', () => {
  const [first, second] = [0, 1].map(index => drawn(index, { columns: 100, rows: 40 }))
  expect(first?.[0]).toMatch(/^\? Which of these is it\? +│ Dockerfile$/)
  expect(first?.join('\n')).toMatch(/❯ Option one +│\n[^]*docker run --rm one\n/)
  expect(first?.join('\n')).toContain('The image of one takes')
  expect(second?.join('\n')).toContain('docker run --rm two')
  expect(second?.join('\n')).not.toContain('--rm one')
  // The rail is in one column.
  expect(new Set(first?.map(line => line.indexOf('│')))).toEqual(new Set([58]))
})

test('below 100 columns it stands below the options, and the keys do not jump', () => {
  const [first = [], second = [], third = []] = [0, 1, 2].map(index => drawn(index))
  expect(first.join('\n')).toMatch(/│ FROM scratch · ADD one \/\n {2}│ \$ cc -static -o one .* …\n/)
  expect(second.join('\n')).toContain('│ FROM scratch · ADD two /')
  expect(third.join('\n')).not.toMatch(/│/)
  const keys = [first, second, third].map(lines =>
    lines.findIndex(line => line.includes('Enter select')),
  )
  expect(new Set(keys).size).toBe(1)
})

test.each([
  { columns: 140, rows: 50 },
  { columns: 100, rows: 12 },
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
  { columns: 20, rows: 6 },
])('it never takes a row or a column too many in $columns by $rows', window => {
  for (const [index] of ask.options.entries()) {
    const lines = drawn(index, window)
    expect(lines.length).toBeLessThan(window.rows)
    expect(Math.max(...lines.map(cells))).toBeLessThan(window.columns)
  }
})

test('where rows lack, the options stay and what they lead to goes first', () => {
  const lines = drawn(1, { columns: 80, rows: 9 })
  expect(lines.join('\n')).toMatch(/❯ Option two[^]*Ctrl-C leave/)
  expect(lines.join('\n')).not.toMatch(/│/)
})

test('a typed answer leads somewhere too, and an empty one is the usual answer', () => {
  const typing = (text: string): string =>
    writeFrame(
      { message: 'What?', standard: 'usual', check: () => null, foresight },
      { text, cursor: 0 },
      look,
      { columns: 80, rows: 24 },
    ).lines.join('\n')
  expect(typing('mine')).toContain('ADD mine /')
  expect(typing('')).toContain('ADD usual /')
})

test('a value may stand for another answer, for a consequence of its own, or for none', () => {
  const means = (value: string) =>
    value === 'one' ? 'two' : value === 'two' ? { made: ['FROM own'], costs: [] } : null
  const [one = '', two = '', nowhere = ''] = [0, 1, 2].map(index =>
    drawn(index, undefined, { ...ask, means }).join('\n'),
  )
  expect(one).toContain('ADD two /')
  expect(two).toContain('│ FROM own')
  expect(nowhere).not.toContain('│')
})

const line = (text: string, spare?: 1 | 2 | 3): PageLine => ({
  kind: 'text',
  text,
  ...(spare === undefined ? {} : { spare }),
})

test('the lines above a question leave room for it: spare ones go, in their order, and the first stays', () => {
  const page = [
    line('title'),
    line('', 2),
    ...Array.from({ length: 11 }, (_, i) => ({ ...line(`answer ${i}`), number: i + 1 })),
    line('headline', 3),
    line('steps', 1),
    line('time'),
  ]
  const plain = (rows: number): string =>
    pageLines(page, look, { columns: 80, rows })
      .map(text => stripVTControlCharacters(text))
      .join('|')
  expect(plain(40)).toMatch(/^title\|\|.*10 answer 9\|11 answer 10\|headline\|steps\|time$/)
  expect(plain(24)).toMatch(/^title\|\|.*headline\|time$/)
  expect(plain(23)).toMatch(/^title\| 1 answer 0\|.*headline\|time$/)
  expect(plain(22)).toMatch(/^title\| 1 answer 0\|.*answer 10\|time$/)
})
