import { stripVTControlCharacters } from 'node:util'
import type { Ahead, ChooseAsk, WriteAsk } from '../asker.ts'
import type { Look } from './look.ts'
import type { Frame } from './painter.ts'
import { room, textWidth, type Window } from './parts.ts'
import { cells, clipWords, harmless, wrap } from './text.ts'

/**
 * A question with what the answer leads to: in windows of 100 columns beside it, else in the lines that `draw` gets
 * to put below it.
 */
export const withAhead = (
  ask: ChooseAsk | WriteAsk,
  value: string,
  look: Look,
  window: Window,
  draw: (window: Window, below: readonly string[]) => Frame,
): Frame => {
  if (ask.foresight === undefined) return draw(window, [])
  if (window.columns < WIDE) return draw(window, belowLines(ask, value, look, textWidth(window)))
  const left = Math.min(76, Math.floor(window.columns * 0.58))
  const ahead = aheadOf(ask, value)
  const frame = draw({ ...window, columns: left + 1 }, [])
  if (ahead === null) return frame
  const right = besideLines(ahead, look, window.columns - left - 4).slice(0, room(window))
  const lines = Array.from({ length: Math.max(frame.lines.length, right.length) }, (_, i) => {
    const line = frame.lines[i] ?? ''
    const space = ' '.repeat(left - cells(stripVTControlCharacters(line)))
    return `${line}${space} ${look.dim(look.sign.rail)} ${right[i] ?? ''}`.trimEnd()
  })
  return { ...frame, lines }
}

/** Windows from this width on have room beside a question. */
export const WIDE = 100

const aheadOf = ({ foresight, means }: ChooseAsk | WriteAsk, value: string): Ahead | null => {
  const meant = means === undefined ? value : means(value)
  return typeof meant === 'string' ? (foresight?.of(meant) ?? null) : meant
}

/** All of it; of a long command three lines. */
const besideLines = ({ made, costs }: Ahead, look: Look, width: number): string[] => {
  const file = made.filter(line => !isCommand(line))
  const commands = made.filter(isCommand)
  return [
    ...titled(
      'Dockerfile',
      file.map(line => [clipWords(harmless(line), width - 2)]),
      look,
    ),
    ...titled(
      'Commands',
      commands.map(line => shortened(harmless(line.slice(2)), width - 4)),
      look,
    ),
    ...costs.flatMap(text => wrap(text, width)),
  ]
}

/** Paragraphs below a title, the further lines of each indented; nothing without any. */
const titled = (title: string, texts: readonly (readonly string[])[], look: Look): string[] =>
  texts.length === 0
    ? []
    : [
        look.dim(title),
        ...texts.flatMap(lines => lines.map((line, i) => `  ${i === 0 ? '' : '  '}${line}`)),
        '',
      ]

const shortened = (text: string, width: number): string[] => {
  const lines = wrap(text, width)
  return lines.length <= 3
    ? lines
    : [...lines.slice(0, 2), clipWords(lines.slice(2).join(' '), width)]
}

const isCommand = (line: string): boolean => line.startsWith('$ ')

/** The most telling lines, as many for each option of a short list, so that nothing below them jumps. */
const belowLines = (
  ask: ChooseAsk | WriteAsk,
  value: string,
  look: Look,
  width: number,
): string[] => {
  const few = 'options' in ask && ask.filter !== true ? ask.options : []
  const drawn = (value: string): string[] => {
    const ahead = aheadOf(ask, value)
    return ahead === null ? [] : fewLines(ahead, width - 4)
  }
  const lines = drawn(value)
  const longest = Math.max(lines.length, ...few.map(({ value }) => drawn(value).length))
  return Array.from({ length: longest }, (_, i) =>
    lines[i] === undefined ? '' : look.dim(`  ${look.sign.rail} ${lines[i]}`),
  )
}

const fewLines = ({ made, command, costs }: Ahead, width: number): string[] => [
  ...[made.filter(line => !isCommand(line)).join(' · '), command ?? made.find(isCommand) ?? '']
    .filter(Boolean)
    .map(line => clipWords(harmless(line), width)),
  ...(costs.length === 0 ? [] : wrap(costs.join(' '), width)),
]
