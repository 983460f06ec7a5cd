import type { ChoosePrompt, Option } from '../asker.ts'
import { withAhead } from './ahead.ts'
import { narrowed } from './filter.ts'
import type { PromptStyle } from './look.ts'
import type { Frame } from './painter.ts'
import {
  firstThatFits,
  footerLines,
  paragraph,
  problemLines,
  question,
  room,
  textWidth,
  typedLine,
  type Window,
} from './parts.ts'
import { cells, clipWords, harmless } from './text.ts'

/** Where a person is in a list: the index of the option that Enter takes, and the filter's text. */
export interface Place {
  readonly index: number
  readonly input: string
}

/** A question with its options and what the chosen one leads to, as much of it as fits. */
export const chooseFrame = (
  prompt: ChoosePrompt,
  place: Place,
  look: PromptStyle,
  window: Window,
): Frame =>
  withAhead(prompt, prompt.options[place.index]?.value ?? '', look, window, (window, below) =>
    listFrame(prompt, place, look, window, below),
  )

/** First what it leads to goes, then the footer, then sentences, then options. */
const listFrame = (
  prompt: ChoosePrompt,
  place: Place,
  look: PromptStyle,
  window: Window,
  below: readonly string[],
): Frame => {
  const width = textWidth(window)
  const height = room(window)
  const head = question(prompt.message, look, width)
  const filter = filterLine(prompt, place, look, width)
  const problem = problemLines(prompt.problem, look, width)
  const hint = paragraph(prompt.hint, look.dim, width)
  const top = [...head, ...filter.lines, ...problem]
  const footer = listFooter(prompt, place, look, width)
  const { rows, at } = optionRows(prompt, place, look, width)
  const one = sentenceOf(prompt, place, look, width)
  const size = prompt.options.filter(({ rare }) => !rare).length
  const every = prompt.options.flatMap(({ says }, i) => [
    rows[i] ?? '',
    ...paragraph(says, look.dim, width, '    '),
  ])
  // By the whole list, so that what is around it stays where it is while the filter shortens it.
  const list = (above: string[], below: string[], least: number): string[][] => {
    const count = height - above.length - below.length
    const enough = count >= Math.min(least, size)
    return enough ? [[...above, ...around(rows, at, Math.max(1, count)), ...below]] : []
  }
  const lines = firstThatFits(height, [
    ...(prompt.filter
      ? [
          ...list(
            [...top, ...hint, ''],
            [...(one.length > 0 ? ['', ...one] : []), '', ...footer],
            size,
          ),
          ...(below.length > 0
            ? list([...top, ...hint], ['', ...one, ...below, ...footer], LEAST)
            : []),
          ...list([...top, ...hint], ['', ...one, ...footer], LEAST),
        ]
      : [
          ...(below.length > 0
            ? [
                [...top, ...hint, '', ...every, '', ...below, '', ...footer],
                [...top, ...hint, ...every, ...below, ...footer],
                ...list([...top, ...hint], ['', ...one, ...below, ...footer], LEAST),
              ]
            : []),
          [...top, ...hint, '', ...every, '', ...footer],
          [...top, ...hint, ...every, ...footer],
        ]),
    ...(prompt.filter ? [] : list(top, [...one, ...footer], size)),
    ...list(top, ['', ...one, ...footer], LEAST),
    ...(prompt.filter ? [] : list(top, [...one, ...footer], LEAST)),
    ...list(top, one, LEAST),
    ...list(top, [], 1),
    ...list([...head.slice(0, 1), ...filter.lines], [], 0),
  ])
  const line = lines.indexOf(filter.lines[0] ?? '')
  return { lines, cursor: prompt.filter ? { line, column: filter.column } : null }
}

/** This many options stay on the screen, rather than the sentences and keys below them. */
const LEAST = 6

const filterLine = (
  { filter, options }: ChoosePrompt,
  { input }: Place,
  look: PromptStyle,
  width: number,
): { lines: string[]; column: number } => {
  if (!filter) return { lines: [], column: 0 }
  const sought = options.filter(({ always }) => always !== true)
  const words = {
    standard: `type to find one of ${sought.length}`,
    count: `${narrowed(sought, input).found} of ${sought.length}`,
  }
  const { text, column } = typedLine(words, { text: input, cursor: input.length }, look, width)
  return { lines: [text], column }
}

const listFooter = (
  { first, digits = [] }: ChoosePrompt,
  { input }: Place,
  look: PromptStyle,
  width: number,
): string[] =>
  input === ''
    ? footerLines(
        [...CHOOSE_KEYS, ...(digits.length > 0 ? [`1-${digits.length} change`] : [])],
        first,
        look,
        width,
      )
    : footerLines([...CHOOSE_KEYS, 'Esc clear'], true, look, width)

const CHOOSE_KEYS = ['↑↓ choose', 'Enter select']

/** The options that the filter leaves, and which of the rows is the chosen one. */
const optionRows = (
  { options }: ChoosePrompt,
  { index, input }: Place,
  look: PromptStyle,
  width: number,
): { rows: string[]; at: number } => {
  const { shown, found } = narrowed(options, input)
  const none = found > 0 ? [] : paragraph('Nothing matches; Backspace', look.bad, width)
  const beside = besideIn(options, width - 4, look)
  const rows = options.flatMap((option, i) =>
    shown[i] ? [optionLine(option.label, i === index, look, width) + beside(option)] : [],
  )
  const before = shown.slice(0, index).filter(Boolean).length
  return { rows: [...none, ...rows], at: shown[index] ? none.length + before : 0 }
}

/** What is next to each label, in one column: the brief words when one has no room, and nothing when they have none. */
const besideIn = (
  options: readonly Option[],
  space: number,
  look: PromptStyle,
): ((option: Option) => string) => {
  const column =
    Math.max(...options.map(({ label, beside }) => (beside === undefined ? 0 : cells(label)))) + 2
  const words = [({ beside }: Option) => beside, ({ brief }: Option) => brief].find(of =>
    options.every(option => column + cells(of(option) ?? '') <= space),
  )
  return option => {
    const text = words?.(option)
    return text === undefined ? '' : ' '.repeat(column - cells(option.label)) + look.dim(text)
  }
}

const optionLine = (label: string, chosen: boolean, look: PromptStyle, width: number): string => {
  const text = clipWords(harmless(label), width - 4)
  return chosen ? `  ${look.chosen(`${look.sign.chosen} ${text}`)}` : `    ${text}`
}

/** The chosen option's sentence, with empty lines up to the longest one, so that nothing below it jumps. */
const sentenceOf = (
  { options }: ChoosePrompt,
  { index, input }: Place,
  look: PromptStyle,
  width: number,
): string[] => {
  const all = options.map(({ says }) => paragraph(says, look.dim, width))
  const longest = Math.max(...all.map(lines => lines.length))
  const lines = (narrowed(options, input).shown[index] && all[index]) || []
  return [...lines, ...Array<string>(longest - lines.length).fill('')]
}

/** This many rows around the chosen one, with a sign at the edge where there are more. */
const around = (rows: readonly string[], at: number, count: number): string[] => {
  const first = Math.max(0, Math.min(at - Math.floor((count - 1) / 2), rows.length - count))
  const end = first + count
  return rows.slice(first, end).map((row, i) => {
    const more = [i === 0 && first > 0 ? '↑' : '', i === count - 1 && end < rows.length ? '↓' : '']
    return more.join('').padEnd(2) + row.slice(2)
  })
}
