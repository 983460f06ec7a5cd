import type { Paint } from '../paint.ts'
import { clip, widthOf } from './width.ts'

/** A part of a line in one tone. */
export interface Span {
  readonly text: string
  readonly tone?: keyof Paint
}

/** One line of the live view. */
export type Line = readonly Span[]

/** Columns that a line takes. */
export const lineWidth = (line: Line): number =>
  line.reduce((sum, { text }) => sum + widthOf(text), 0)

/** The line within that many columns; what is too wide is clipped at its end. */
export const fitLine = (line: Line, width: number, more: string): Line => {
  let free = width
  return line.map(({ text, ...rest }) => {
    const fitted = clip(text, free, more)
    free -= widthOf(fitted)
    return { text: fitted, ...rest }
  })
}

/** A left and a right part with the room between them, or null when both don't fit. */
export const apart = (left: Line, right: Line, width: number): Line | null => {
  const room = width - lineWidth(left) - lineWidth(right)
  const least = left.length === 0 || right.length === 0 ? 0 : 2
  if (room < least) return null
  return right.length === 0 ? left : [...left, { text: ' '.repeat(room) }, ...right]
}

/** The line as text with its colours. */
export const paintLine = (line: Line, paint: Paint): string =>
  line
    .map(({ text, tone }) => (tone === undefined || text === '' ? text : paint[tone](text)))
    .join('')
