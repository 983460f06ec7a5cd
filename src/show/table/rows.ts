import type { BuildStarted, ImageEnd } from '../../run/build-events.ts'
import type { Event, StepSummary } from '../../run/events.ts'
import { duration } from '../../text/units.ts'
import { fitLine, type Line } from '../live/line.ts'
import type { ViewStyle } from '../live/look.ts'
import { widthFor, WIDE, type Size } from '../live/layout.ts'
import { barOf } from '../live/step-lines.ts'
import { clip, pad, widthOf } from '../live/width.ts'
import { titleOf } from '../texts.ts'
import { endWords } from './texts.ts'

/** What a row of the table is drawn from. */
export interface Row {
  readonly name: string
  readonly steps: readonly StepSummary[]
  /** How many steps are over. */
  readonly settled: number
  /** The step that runs, and how far it is, from 0 to 1. */
  readonly current: string
  readonly fraction: number
  /** When it began, in milliseconds; null for one that waits. */
  readonly began: number | null
  readonly end: ImageEnd | null
}

/** The rows before anything has happened. */
export const firstRows = ({ images }: BuildStarted): readonly Row[] =>
  images.map(({ name }) => ({
    name,
    steps: [],
    settled: 0,
    current: '',
    fraction: 0,
    began: null,
    end: null,
  }))

/** A row after an event of its run. */
export const rowAfter = (row: Row, event: Event, now: number): Row => {
  switch (event.type) {
    case 'plan':
      return { ...row, steps: event.steps, began: row.began ?? now }
    case 'step-started':
      return { ...row, current: titleOf(row.steps, event.step), fraction: 0 }
    case 'progress': {
      const { fraction, done, total } = event
      const told = fraction ?? (done === undefined || !total ? 0 : done / total)
      return { ...row, fraction: Math.min(1, Math.max(row.fraction, told)) }
    }
    case 'step-done':
    case 'step-skipped':
      return { ...row, settled: row.settled + 1, fraction: 0 }
    case 'stopped':
      return { ...row, current: 'Cleaning up' }
    default:
      return row
  }
}

/** A table to draw: its rows, and what decides their looks. */
export interface Table {
  readonly rows: readonly Row[]
  readonly jobs: number
  readonly look: ViewStyle
  readonly size: Size
  /** Milliseconds. */
  readonly now: number
  readonly began: number
  readonly spinner: string
}

/**
 * The table as lines: a row per image, fewer than the window has. Where there are too many, what runs stays, then what
 * failed; the others are counted.
 */
export const tableLines = (table: Table): readonly Line[] => {
  const { rows, size, look, now, began } = table
  const room = Math.max(1, size.rows - 3)
  const shown = rows.length <= room ? rows : chosen(rows, room - 1)
  const hidden = rows.filter(row => !shown.includes(row))
  const done = rows.filter(({ end }) => end !== null).length
  const seconds = Math.max(0, Math.floor((now - began) / 1000))
  const lines: Line[] = [
    ...shown.map(row => rowLine(row, table)),
    ...(hidden.length === 0 ? [] : [dim(`  ${look.glyphs.more} ${hiddenWords(hidden)}`)]),
    dim(
      [`${done} of ${rows.length}`, `${table.jobs} at once`, duration(seconds), 'Ctrl-C stop'].join(
        ` ${look.glyphs.dot} `,
      ),
    ),
  ]
  return lines
    .slice(-Math.max(1, size.rows - 1))
    .map(line => fitLine(line, widthFor(size), look.glyphs.more))
}

const rank = ({ end, began }: Row): number => {
  if (end !== null) return end.state === 'failed' ? 1 : 3
  return began === null ? 2 : 0
}

const chosen = (rows: readonly Row[], room: number): readonly Row[] => {
  const best = rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, Math.max(0, room))
  return rows.filter(row => best.includes(row))
}

const hiddenWords = (rows: readonly Row[]): string => {
  const waiting = rows.filter(({ began, end }) => began === null && end === null).length
  const running = rows.filter(({ began, end }) => began !== null && end === null).length
  const over = rows.length - waiting - running
  return [
    ...(running === 0 ? [] : [`${running} more at work`]),
    ...(over === 0 ? [] : [`${over} more done`]),
    ...(waiting === 0 ? [] : [`${waiting} waiting`]),
  ].join(', ')
}

const rowLine = (row: Row, { rows, look, size, spinner, now }: Table): Line => {
  const width = widthFor(size)
  const longest = Math.max(...rows.map(({ name }) => widthOf(name)))
  const column = Math.min(longest, Math.floor(width * 0.4))
  const name = pad(clip(look.words(row.name), column, look.glyphs.more), column)
  const rest = { text: '' }
  if (row.end !== null) {
    const glad = row.end.state === 'made'
    const mark = glad ? look.glyphs.done : look.glyphs.failed
    const words = look.words(endWords(row.end))
    return [
      { text: mark, tone: glad ? 'good' : 'bad' },
      { text: ` ${name}  ${words}` },
      { text: `  ${duration(row.end.seconds)}`, tone: 'dim' },
    ]
  }
  if (row.began === null) return [dim(`  ${name}  waiting`)[0] ?? rest]
  const share = row.steps.length === 0 ? 0 : (row.settled + row.fraction) / row.steps.length
  const bar = width >= WIDE ? barOf(Math.min(1, share), 10, look) : []
  const clock = duration(Math.floor((now - row.began) / 1000))
  return [
    { text: `${spinner} ` },
    { text: name, tone: 'strong' },
    { text: '  ' },
    ...bar,
    { text: `  ${look.words(row.current)}` },
    { text: `  ${clock}`, tone: 'dim' },
  ]
}

const dim = (text: string): Line => [{ text, tone: 'dim' }]
