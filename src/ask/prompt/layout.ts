import type { ChooseAsk, PageLine, WriteAsk } from '../asker.ts'
import type { Look } from './look.ts'
import type { Frame } from './painter.ts'
import { cells, characters, clip, harmless, wrap } from './text.ts'

/** The window that a frame must fit in. */
export interface Window {
  readonly columns: number
  readonly rows: number
}

/** A question with its options, as much of it as fits: first the footer goes, then sentences, then options. */
export const chooseFrame = (ask: ChooseAsk, index: number, look: Look, window: Window): Frame => {
  const width = textWidth(window)
  const head = question(ask.message, look, width)
  const hint = paragraph(ask.hint, look.dim, width)
  const problem = problemLines(ask.problem, look, width)
  const footer = footerLines(CHOOSE_KEYS, ask.first, look, width)
  const labels = ask.options.map(({ label }, i) => optionLine(label, i === index, look, width))
  const every = ask.options.flatMap(({ says }, i) => [
    labels[i] ?? '',
    ...paragraph(says, look.dim, width, '    '),
  ])
  const one = sentenceOf(ask, index, look, width)
  const rest = room(window) - head.length - problem.length
  return {
    cursor: null,
    lines: firstThatFits(room(window), [
      [...head, ...problem, ...hint, '', ...every, '', ...footer],
      [...head, ...problem, ...hint, ...every, ...footer],
      [...head, ...problem, ...labels, '', ...one, ...footer],
      [...head, ...problem, ...labels, ...one],
      [...head, ...problem, ...labels],
      [...head, ...problem, ...around(labels, index, Math.max(1, rest))],
      [...head.slice(0, 1), ...around(labels, index, Math.max(1, room(window) - 1))],
    ]),
  }
}

/** A question with a line to type in; a long text moves under the cursor. */
export const writeFrame = (
  ask: WriteAsk,
  typed: { readonly text: string; readonly cursor: number },
  look: Look,
  window: Window,
): Frame => {
  const width = textWidth(window)
  const head = question(ask.message, look, width)
  const hint = paragraph(ask.hint, look.dim, width)
  const problem = problemLines(ask.problem, look, width)
  const keys = ask.standard === '' ? WRITE_KEYS : [...WRITE_KEYS, 'Tab edit']
  const footer = footerLines(keys, ask.first, look, width)
  const line = typedLine(ask, typed, look, width)
  return {
    cursor: { line: head.length, column: line.column },
    lines: firstThatFits(room(window), [
      [...head, line.text, '', ...hint, ...problem, '', ...footer],
      [...head, line.text, ...hint, ...problem, ...footer],
      [...head, line.text, ...problem, ...footer],
      [...head, line.text, ...problem],
    ]),
  }
}

/** The lines above the questions, in the window's width. */
export const pageLines = (
  lines: readonly PageLine[],
  look: Look,
  { columns }: Pick<Window, 'columns'>,
): string[] => lines.flatMap(line => pageLine(line, look, textWidth({ columns })))

/** Longer lines are hard to read, so a wide window is not filled. */
const WIDEST = 76

/** The last column stays free: a terminal may wrap when it is filled. */
const textWidth = ({ columns }: { readonly columns: number }): number =>
  Math.max(8, Math.min(columns - 1, WIDEST))

/** The last row stays free, so that drawing never scrolls. */
const room = ({ rows }: Window): number => Math.max(2, rows - 1)

const firstThatFits = (height: number, variants: readonly string[][]): string[] => {
  const found = variants.find(lines => lines.length <= height)
  return found ?? (variants.at(-1) ?? []).slice(0, height)
}

const question = (message: string, look: Look, width: number): string[] =>
  wrap(message, width - 2).map((line, i) =>
    i === 0 ? `${look.chosen(look.sign.asks)} ${look.strong(line)}` : `  ${look.strong(line)}`,
  )

const paragraph = (
  text: string | undefined,
  style: (text: string) => string,
  width: number,
  more = '',
): string[] => {
  const indent = `  ${more}`
  return text === undefined
    ? []
    : wrap(harmless(text), width - indent.length).map(line => indent + style(line))
}

const problemLines = (
  problem: readonly string[] | undefined,
  look: Look,
  width: number,
): string[] =>
  (problem ?? []).flatMap((text, i) =>
    wrap(harmless(text), width - 2).map((line, j) =>
      i === 0 && j === 0 ? `${look.bad(look.sign.wrong)} ${look.bad(line)}` : `  ${look.bad(line)}`,
    ),
  )

const optionLine = (label: string, chosen: boolean, look: Look, width: number): string => {
  const text = clip(harmless(label), width - 4)
  return chosen ? `  ${look.chosen(`${look.sign.chosen} ${text}`)}` : `    ${text}`
}

/** The chosen option's sentence, with empty lines up to the longest one, so that nothing below it jumps. */
const sentenceOf = (ask: ChooseAsk, index: number, look: Look, width: number): string[] => {
  const all = ask.options.map(({ says }) => paragraph(says, look.dim, width))
  const longest = Math.max(...all.map(lines => lines.length))
  const lines = all[index] ?? []
  return [...lines, ...Array<string>(longest - lines.length).fill('')]
}

const around = (labels: readonly string[], index: number, count: number): string[] => {
  const first = Math.max(0, Math.min(index - Math.floor((count - 1) / 2), labels.length - count))
  return labels.slice(first, first + count)
}

const CHOOSE_KEYS = ['↑↓ choose', 'Enter take']
const WRITE_KEYS = ['Enter take']

const footerLines = (
  keys: readonly string[],
  first: boolean | undefined,
  look: Look,
  width: number,
): string[] => {
  const all = [...keys, ...(first === true ? [] : ['Esc back']), 'Ctrl-C leave']
  const glued = all.map(key => key.replaceAll(' ', '\u00a0')).join(' · ')
  return wrap(glued.replaceAll(' · ', '\u00a0· '), width - 2).map(
    line => `  ${look.dim(line.replaceAll('\u00a0', ' ').replace(/ ·$/, ''))}`,
  )
}

const typedLine = (
  { standard }: WriteAsk,
  { text, cursor }: { readonly text: string; readonly cursor: number },
  look: Look,
  width: number,
): { text: string; column: number } => {
  const lead = `  ${look.chosen(look.sign.typed)} `
  const space = width - 4
  if (text === '') return { text: lead + look.dim(clip(harmless(standard), space)), column: 4 }
  const shown = visiblePart(text, cursor, space)
  return { text: lead + harmless(shown.text), column: 4 + shown.column }
}

const visiblePart = (
  text: string,
  cursor: number,
  space: number,
): { text: string; column: number } => {
  const before = characters(text.slice(0, cursor))
  let column = cells(before.join(''))
  while (column > space - 1) column -= cells(before.shift() ?? ' ')
  const after = characters(text.slice(cursor))
  const shown = [...before]
  let sum = column
  for (const character of after) {
    sum += cells(character)
    if (sum > space) break
    shown.push(character)
  }
  return { text: shown.join(''), column }
}

const pageLine = (
  { kind, text, style, lead = '' }: PageLine,
  look: Look,
  width: number,
): string[] => {
  const paint = style === undefined ? (plain: string): string => plain : look[style]
  if (kind === 'answer') {
    const head = `${look.good(look.sign.done)} ${look.dim(lead)}`
    return [head + paint(clip(harmless(text), Math.max(1, width - 2 - cells(lead))))]
  }
  const indent = cells(lead)
  return wrap(harmless(text), Math.max(8, width - indent)).map(
    (line, i) => (i === 0 ? look.dim(lead) : ' '.repeat(indent)) + paint(line),
  )
}
