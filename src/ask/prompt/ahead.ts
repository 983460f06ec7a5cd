import { stripVTControlCharacters } from 'node:util'
import type { Ahead, ChoosePrompt, WritePrompt } from '../asker.ts'
import type { PromptStyle } from './look.ts'
import type { Frame } from './painter.ts'
import { room, textWidth, type Window } from './parts.ts'
import { cells, clipWords, harmless, wrap } from './text.ts'

/**
 * A question with what the answer leads to: in windows of 100 columns next to it, else in the lines that `draw` gets
 * to put below it.
 */
export const withAhead = (
  prompt: ChoosePrompt | WritePrompt,
  value: string,
  look: PromptStyle,
  window: Window,
  draw: (window: Window, below: readonly string[]) => Frame,
): Frame => {
  if (prompt.foresight === undefined) return draw(window, [])
  if (window.columns < WIDE) return draw(window, belowLines(prompt, value, look, textWidth(window)))
  const questionWidth = Math.min(76, Math.floor(window.columns * 0.58))
  const ahead = aheadOf(prompt, value)
  const frame = draw({ ...window, columns: questionWidth + 1 }, [])
  if (ahead === null) return frame
  const right = besideLines(ahead, look, window.columns - questionWidth - 4).slice(0, room(window))
  const lines = Array.from({ length: Math.max(frame.lines.length, right.length) }, (_, i) => {
    const line = frame.lines[i] ?? ''
    const space = ' '.repeat(questionWidth - cells(stripVTControlCharacters(line)))
    return `${line}${space} ${look.dim(look.sign.rail)} ${right[i] ?? ''}`.trimEnd()
  })
  return { ...frame, lines }
}

/** Windows from this width on have room next to a question. */
export const WIDE = 100

const aheadOf = ({ foresight, means }: ChoosePrompt | WritePrompt, value: string): Ahead | null => {
  const meant = means === undefined ? value : means(value)
  return typeof meant === 'string' ? (foresight?.of(meant) ?? null) : meant
}

/** All of it; of a long command three lines. */
const besideLines = ({ made, costs }: Ahead, look: PromptStyle, width: number): string[] => {
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
const titled = (
  title: string,
  texts: readonly (readonly string[])[],
  look: PromptStyle,
): string[] =>
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
  prompt: ChoosePrompt | WritePrompt,
  value: string,
  look: PromptStyle,
  width: number,
): string[] => {
  const few = 'options' in prompt && prompt.filter !== true ? prompt.options : []
  const drawn = (value: string): string[] => {
    const ahead = aheadOf(prompt, value)
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
