import type { PromptStyle } from './look.ts'
import { cells, characters, clip, harmless, wrap } from './text.ts'

/** The window that a frame must fit in. */
export interface Window {
  readonly columns: number
  readonly rows: number
}

/** The last column stays free: a terminal may wrap when it is filled. */
export const textWidth = ({ columns }: { readonly columns: number }): number =>
  Math.max(8, Math.min(columns - 1, WIDEST))

/** The last row stays free, so that drawing never scrolls. */
export const room = ({ rows }: Window): number => Math.max(2, rows - 1)

/** The first variant of at most `height` lines; the last one, cut, when none is. */
export const firstThatFits = (height: number, variants: readonly string[][]): string[] => {
  const found = variants.find(lines => lines.length <= height)
  return found ?? (variants.at(-1) ?? []).slice(0, height)
}

/** The question in its own words. */
export const question = (message: string, look: PromptStyle, width: number): string[] =>
  wrap(message, width - 2).map((line, i) =>
    i === 0 ? `${look.chosen(look.sign.asks)} ${look.strong(line)}` : `  ${look.strong(line)}`,
  )

/** A text under the question, indented by two columns and `more`; nothing without one. */
export const paragraph = (
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

/** Why the last answer was not accepted. */
export const problemLines = (
  problem: readonly string[] | undefined,
  look: PromptStyle,
  width: number,
): string[] =>
  (problem ?? []).flatMap((text, i) =>
    wrap(harmless(text), width - 2).map((line, j) =>
      i === 0 && j === 0 ? `${look.bad(look.sign.wrong)} ${look.bad(line)}` : `  ${look.bad(line)}`,
    ),
  )

/** The keys that do something now. */
export const footerLines = (
  keys: readonly string[],
  first: boolean | undefined,
  look: PromptStyle,
  width: number,
): string[] => {
  const all = [...keys, ...(first === true ? [] : ['Esc back']), 'Ctrl-C leave']
  const glued = all.map(key => key.replaceAll(' ', '\u00a0')).join(' · ')
  return wrap(glued.replaceAll(' · ', '\u00a0· '), width - 2).map(
    line => `  ${look.dim(line.replaceAll('\u00a0', ' ').replace(/ ·$/, ''))}`,
  )
}

/** A line to type in, and the column of its cursor; a long text moves under the cursor. */
export const typedLine = (
  { standard, count = '' }: { readonly standard: string; readonly count?: string },
  { text, cursor }: { readonly text: string; readonly cursor: number },
  look: PromptStyle,
  width: number,
): { text: string; column: number } => {
  const lead = `  ${look.chosen(look.sign.typed)} `
  const space = width - 4
  if (text === '') return { text: lead + look.dim(clip(harmless(standard), space)), column: 4 }
  const short = space - cells(count) - 2
  const counted = count !== '' && short >= 4
  const shown = visiblePart(text, cursor, counted ? short : space)
  const tail = counted ? `  ${look.dim(count)}` : ''
  return { text: lead + harmless(shown.text) + tail, column: 4 + shown.column }
}

/** Longer lines are hard to read, so a wide window is not filled. */
const WIDEST = 76

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
