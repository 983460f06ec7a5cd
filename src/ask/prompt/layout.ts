import type { PageLine, WritePrompt } from '../asker.ts'
import { WIDE, withAhead } from './ahead.ts'
import type { Typed } from './editing.ts'
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
import { cells, clip, harmless, wrap } from './text.ts'

/** A question with a line to type in; a long text moves under the cursor. */
export const writeFrame = (
  prompt: WritePrompt,
  typed: Typed,
  look: PromptStyle,
  window: Window,
): Frame =>
  withAhead(prompt, typed.text.trim() || prompt.standard, look, window, (window, below) =>
    lineFrame(prompt, typed, look, window, below),
  )

const lineFrame = (
  prompt: WritePrompt,
  typed: Typed,
  look: PromptStyle,
  window: Window,
  below: readonly string[],
): Frame => {
  const width = textWidth(window)
  const head = question(prompt.message, look, width)
  const hint = paragraph(prompt.hint, look.dim, width)
  const problem = problemLines(prompt.problem, look, width)
  const tab = prompt.standard !== '' && typed.text === '' ? ['Tab edit'] : []
  const keys = [
    ...WRITE_KEYS,
    ...(prompt.complete !== undefined && tab.length === 0 ? ['Tab complete'] : tab),
  ]
  const footer = footerLines(keys, prompt.first, look, width)
  const line = typedLine(prompt, typed, look, width)
  return {
    cursor: { line: head.length, column: line.column },
    lines: firstThatFits(room(window), [
      ...(below.length > 0
        ? [[...head, line.text, '', ...hint, ...problem, '', ...below, '', ...footer]]
        : []),
      [...head, line.text, '', ...hint, ...problem, '', ...footer],
      [...head, line.text, ...hint, ...problem, ...footer],
      [...head, line.text, ...problem, ...footer],
      [...head, line.text, ...problem],
    ]),
  }
}

/** The lines above the questions, in the window's width; what is spare goes where a question would lack rows. */
export const pageLines = (
  lines: readonly PageLine[],
  look: PromptStyle,
  window: Window,
): string[] => {
  const without = (rank: number): string[] =>
    lines
      .filter(({ spare = 4 }) => spare > rank)
      .flatMap(line =>
        pageLine(
          line,
          look,
          window.columns < WIDE ? textWidth(window) : Math.min(window.columns - 1, 116),
        ),
      )
  return firstThatFits(Infinity, [
    ...[0, 1, 2].map(without).filter(drawn => drawn.length <= window.rows - QUESTION_ROWS),
    without(window.rows < QUESTION_ROWS * 2 ? 0 : 3),
  ])
}

/** What a question with five options takes, and the last row, which stays free. */
const QUESTION_ROWS = 9

const WRITE_KEYS = ['Enter select']

const pageLine = (
  { kind, text, style, number, lead: label = '' }: PageLine,
  look: PromptStyle,
  width: number,
): string[] => {
  const lead = number === undefined ? label : `${String(number).padStart(2)} ${label}`
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
