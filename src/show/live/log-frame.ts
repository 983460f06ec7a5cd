import type { LogPlace } from './keys.ts'
import { widthFor, type Size } from './layout.ts'
import type { Line } from './line.ts'
import type { ViewStyle } from './look.ts'
import { fold } from './width.ts'

/** The log of a step: everything that is kept of it, and the row that stands on top. */
export interface LogFrameInput {
  readonly title: string
  readonly log: readonly string[]
  readonly from: number | 'end'
  readonly look: ViewStyle
  readonly size: Size
}

/** Returns the whole log of a step in the window, with where it is in it; long lines go on in the next row. */
export const logFrame = ({
  title,
  log,
  from,
  look,
  size,
}: LogFrameInput): { lines: Line[]; place: LogPlace } => {
  const width = widthFor(size)
  const rows = log.flatMap(line => fold(look.words(line), width, 2))
  const page = Math.max(1, size.rows - 3)
  const last = Math.max(0, rows.length - page)
  const top = from === 'end' ? last : Math.min(from, last)
  const shown = rows.slice(top, top + page)
  const where =
    rows.length === 0 ? 'nothing yet' : `${top + 1} to ${top + shown.length} of ${rows.length}`
  const lines: Line[] = [
    [
      { text: `Log ${look.glyphs.dot} ${where} ${look.glyphs.dot} ` },
      { text: look.words(title), tone: 'strong' },
    ],
    ...shown.map((text): Line => [{ text }]),
    [{ text: KEYS.find(keys => keys.length <= width) ?? '', tone: 'dim' }],
  ]
  return { lines: lines.slice(0, size.rows - 1), place: { top, last, page } }
}

const KEYS = ['q back, arrows, PgUp, PgDn, Home, End', 'q back']
