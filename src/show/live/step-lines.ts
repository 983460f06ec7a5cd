import type { StepProgress, StepSummary } from '../../run/events.ts'
import { progressText } from '../texts.ts'
import { apart, fitLine, lineWidth, type Line } from './line.ts'
import type { ViewStyle } from './look.ts'
import type { Current } from './state.ts'
import { chop, fold, widthOf } from './width.ts'

/** A step's bar and percentage. */
export const barOf = (fraction: number, cells: number, { glyphs }: ViewStyle): Line => {
  const full = Math.floor(fraction * Math.max(0, cells))
  return [
    { text: glyphs.full.repeat(full), tone: 'good' },
    { text: glyphs.empty.repeat(Math.max(0, cells - full)), tone: 'dim' },
    { text: `${Math.floor(fraction * 100)} %`.padStart(6) },
  ]
}

/** The width there is, the column of results, and the sign that there is more. */
interface Place {
  readonly width: number
  readonly column: number
  readonly more: string
}

/** The step's title, and as much of its counts (`41 of 96 packages`) and its bar as there is room for. */
export const titleLine = (
  title: Line,
  counts: string,
  bar: Line,
  { width, column, more }: Place,
): { readonly line: Line; readonly countsShown: boolean } => {
  const text = title.map(span => span.text).join('')
  const middle = { text: `${' '.repeat(Math.max(2, column - widthOf(text)))}${counts}` }
  const full = counts === '' ? null : apart([...title, middle], bar, width)
  if (full !== null) return { line: full, countsShown: true }
  if (bar.length === 0) return { line: title, countsShown: false }
  const short = fitLine(title, width - lineWidth(bar) - 2, more)
  return {
    line: apart(title, bar, width) ?? [...short, { text: '  ' }, ...bar],
    countsShown: false,
  }
}

/** The counts of a step in words, without its fraction and what it does now. */
export const countsOf = (progress: StepProgress | null): string => {
  if (progress === null) return ''
  const { fraction: _fraction, text: _text, ...counts } = progress
  return progressText(counts)
}

/** What a step runs: the commands as a person types them, or the exact argument lists. */
export const commandLines = (
  step: StepSummary | undefined,
  current: Current | null,
  exact: boolean,
  { width, words }: { readonly width: number; readonly words: ViewStyle['words'] },
): readonly string[] => {
  if (!exact) return (current?.commands ?? step?.commands ?? []).map(line => `$ ${words(line)}`)
  const lists = current?.exact ?? []
  return lists.flatMap(list =>
    fold(`$ ${words(list.map(quoted).join(' '))}`, width, 2).flatMap(line => chop(line, width)),
  )
}

/** At most that many of the lines; the last one says how many are left out. */
export const limited = (
  lines: readonly string[],
  room: number,
  more: string,
): readonly string[] => {
  if (lines.length <= room || room === 0) return lines.slice(0, room)
  return [...lines.slice(0, room - 1), `${more} and ${lines.length - room + 1} more`]
}

/** The first of the lines, with a sign at the end of the last one when there are more. */
export const cut = (lines: readonly string[], room: number, more: string): readonly string[] =>
  lines.slice(0, room).map((line, index) => {
    const isCut = index === room - 1 && lines.length > room
    return isCut ? `${line} ${more}` : line
  })

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
