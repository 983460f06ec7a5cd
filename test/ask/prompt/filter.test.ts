import { expect, test } from 'vitest'
import { narrowed } from '../../../src/ask/prompt/filter.ts'

const OPTIONS = [
  { value: 'noble', label: '24.04 noble', also: 'Ubuntu numbat LTS' },
  { value: 'jammy', label: '22.04 jammy', also: 'Ubuntu jellyfish LTS' },
  { value: 'mantic', label: '23.10 mantic', also: 'Ubuntu minotaur' },
  { value: 'older', label: 'Older releases…', always: true as const },
]

const stay = (text: string): string[] => {
  const { shown } = narrowed(OPTIONS, text)
  return OPTIONS.filter((_, i) => shown[i]).map(({ value }) => value)
}

const best = (text: string): string | undefined =>
  OPTIONS[narrowed(OPTIONS, text).best ?? Number.NaN]?.value

test.each([
  ['no', ['noble', 'mantic', 'older']],
  ['LTS', ['noble', 'jammy', 'older']],
  ['lts 22', ['jammy', 'older']],
  ['  ubuntu   MAN ', ['mantic', 'older']],
  ['24.04', ['noble', 'older']],
  ['noble jammy', ['older']],
  ['older', ['older']],
  ['(', ['older']],
])('"%s" leaves every option that has all its words, and the one that always stays', (text, left) =>
  expect(stay(text)).toEqual(left),
)

test.each([
  ['no', 'noble'],
  ['m', 'mantic'],
  ['jelly', 'jammy'],
  ['ammy', 'jammy'],
  ['lts', 'noble'],
  ['old', 'older'],
  ['nothing', undefined],
])('of what "%s" leaves, the first that begins so is the best: %s', (text, value) =>
  expect(best(text)).toBe(value),
)

test.each(['', '  '])('without a word ("%s") all are left and none is better', text => {
  expect(narrowed(OPTIONS, text)).toEqual({
    shown: [true, true, true, true],
    found: 4,
    best: null,
  })
})

test('what only stays because it always does is not counted as found', () => {
  expect(narrowed(OPTIONS, 'noble').found).toBe(1)
  expect(narrowed(OPTIONS, 'nothing').found).toBe(0)
})

test('a rare option is there only when what is typed finds it', () => {
  const options = [...OPTIONS, { value: 'focal', label: '20.04 focal', rare: true as const }]
  const shown = (text: string) => narrowed(options, text).shown.at(-1)
  expect([shown(''), shown(' '), shown('fo'), shown('20'), shown('24')]).toEqual([
    false,
    false,
    true,
    true,
    false,
  ])
  expect(narrowed(options, 'fo')).toMatchObject({ found: 1, best: 4 })
})
