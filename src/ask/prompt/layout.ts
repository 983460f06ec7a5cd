import type { PageLine, WriteAsk } from '../asker.ts'
import type { Look } from './look.ts'
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
import { cells, clip, harmless, wrap } from './text.ts'

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
  const tab = ask.standard !== '' && typed.text === '' ? ['Tab edit'] : []
  const keys = [
    ...WRITE_KEYS,
    ...(ask.complete !== undefined && tab.length === 0 ? ['Tab complete'] : tab),
  ]
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

const WRITE_KEYS = ['Enter take']

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
