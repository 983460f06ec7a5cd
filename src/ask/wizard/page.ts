import type { PageLine } from '../asker.ts'
import type { ReviewLine } from './review.ts'
import type { ShownAnswer } from './steps.ts'

/** What is above a question: who asks, and the answers so far. */
export const questionPage = (answers: readonly ShownAnswer[], note: string | null): PageLine[] => [
  ...TITLE,
  ...answers.map(({ label, text }) => ({ kind: 'answer' as const, text, lead: padded(label) })),
  ...(answers.length === 0 ? [] : [EMPTY]),
  ...(note === null ? [] : [{ kind: 'text' as const, text: note, style: 'dim' as const }]),
]

/** What is above the last question: every answer, and what they lead to. */
export const reviewPage = (
  answers: readonly ShownAnswer[],
  lines: readonly ReviewLine[],
): PageLine[] => [
  ...TITLE,
  ...answers.map(({ label, text }, i) => ({
    kind: 'text' as const,
    text,
    lead: padded(label),
    number: i + 1,
  })),
  EMPTY,
  ...lines.map(line => ({
    kind: 'text' as const,
    ...(typeof line === 'string' ? { text: line } : line),
  })),
  ...(lines.length === 0 ? [] : [BLANK]),
]

/** What stays on the screen when the person leaves. */
export const lastPage = (lines: readonly string[]): PageLine[] => [
  ...TITLE,
  ...lines.map(text => ({ kind: 'text' as const, text })),
]

const EMPTY: PageLine = { kind: 'text', text: '' }

/** An empty line that a low window does without. */
const BLANK: PageLine = { ...EMPTY, spare: 2 }

const TITLE: readonly PageLine[] = [
  BLANK,
  { kind: 'text', text: 'create-base-image', style: 'strong' },
  BLANK,
]

/** The longest label and two spaces. */
const LABEL_WIDTH = 11

const padded = (label: string): string => label.padEnd(LABEL_WIDTH)
