import { clipped, type Drawing } from './bars.ts'
import type { StepLesson } from './steps.ts'
import { beside, wrap } from '../text/wrap.ts'

/** A step as it is taught. */
export interface TaughtStep {
  /** From 1. */
  readonly number: number
  readonly total: number
  readonly title: string
  readonly why: string
  readonly commands: readonly string[]
  /** Null for a step that no lesson was written for. */
  readonly lesson: StepLesson | null
}

/** How a lesson is written on a screen. */
export interface Page extends Drawing {
  readonly strong: (text: string) => string
}

/** Returns what is said before a step: its reason, its command, and what it will change. */
export const beforeText = (step: TaughtStep, page: Page): string =>
  text([
    ...head(step, page),
    ...part('why', step.why, page),
    ...commandLines(step, page),
    ...part('changes', step.lesson?.changes ?? 'The command says it.', page),
  ])

/** Returns what is said of a step that need not run, because what it makes already exists. */
export const skippedText = (step: TaughtStep, reason: string, page: Page): string =>
  text([
    ...head(step, page),
    ...part('why', step.why, page),
    ...commandLines(step, page),
    ...part('skipped', `It need not run: ${reason}.`, page),
    ...lessonLines(step, page),
  ])

/** What a step has done. */
export interface StepTraces {
  /** What changed in the machine, in lines. */
  readonly changed: readonly string[]
  /** What a proof printed, in lines; empty for other steps. */
  readonly printed: readonly string[]
}

/** Returns what is said after a step: what changed in the machine, one idea, and one thing to try. */
export const afterText = (step: TaughtStep, { changed, printed }: StepTraces, page: Page): string =>
  text([
    ...printedLines(printed, page),
    ...(changed.length === 0
      ? []
      : [`  ${page.strong('What changed')}`, ...changed.map(line => `    ${line}`.trimEnd()), '']),
    ...lessonLines(step, page),
  ])

/** More than this would push the lesson off the screen; the end shows it whole. */
const PRINTED = 6

const printedLines = (printed: readonly string[], { strong, width, unicode }: Page): string[] =>
  printed.length === 0
    ? []
    : [
        `  ${strong('It printed')}`,
        ...printed
          .slice(0, PRINTED)
          .map(line => `    ${clipped(line, width - 4, unicode)}`.trimEnd()),
        '',
      ]

const lessonLines = ({ lesson }: TaughtStep, page: Page): string[] =>
  lesson === null
    ? []
    : [
        ...part('look', lesson.look, page),
        ...part('idea', lesson.idea, page),
        ...part('try', lesson.try, page),
      ]

const head = ({ number, total, title }: TaughtStep, { width, unicode, strong }: Page): string[] => {
  const line = (unicode ? '─' : '-').repeat(2)
  const place = `Step ${number} of ${total}`
  const words = wrap(title, Math.max(20, width - place.length - 8))
  return ['', `${line} ${place} ${line} ${strong(words[0]!)}`, ...words.slice(1).map(strong), '']
}

const LABEL = 11

/** A label, and next to it a text whose further lines are aligned with its first; below it where the window is narrow. */
const part = (label: string, words: string, { width, strong }: Page): string[] => {
  if (width < NARROW) return [strong(`  ${label}`), ...wrap(words, width, '    ')]
  // Styles have no width, so they come when the lines are there.
  const [first = '', ...rest] = beside(`  ${label}`, words, LABEL, width)
  return [`  ${strong(first.slice(2, LABEL))}${first.slice(LABEL)}`, ...rest]
}

const NARROW = 50

/** A long command is the folder's build.sh in one line; its beginning says what it is. */
const COMMAND_LINES = 4

const commandLines = ({ commands }: TaughtStep, page: Page): string[] =>
  commands.flatMap((command, i) => {
    const lines = part(i === 0 ? 'runs' : '', `$ ${command}`, page).flatMap(line =>
      pieces(line, page.width),
    )
    const room = COMMAND_LINES + (page.width < NARROW ? 1 : 0)
    if (lines.length <= room) return lines
    const more = page.unicode ? '…' : '...'
    return [
      ...lines.slice(0, room),
      `${' '.repeat(LABEL)}${more} (the whole of it is in LESSON.md)`,
    ]
  })

/** A word that is wider than the window is cut where the window ends. */
const pieces = (line: string, width: number): string[] =>
  line.length <= width || line.includes('\u001B')
    ? [line]
    : [line.slice(0, width), ...pieces(line.slice(width), width)]

const text = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('')
