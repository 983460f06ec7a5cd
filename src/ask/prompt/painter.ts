import { stripVTControlCharacters } from 'node:util'
import { cells } from './text.ts'

/** The lines of a question, each narrower than the terminal, and where the cursor is in them. */
export interface Frame {
  readonly lines: readonly string[]
  /** Null hides the cursor. */
  readonly cursor: { readonly line: number; readonly column: number } | null
}

/** What the painter writes to: a terminal. */
export interface Surface {
  readonly write: (text: string) => unknown
  readonly columns: number
}

/** Draws lines that stay, and below them one frame that changes. */
export interface Painter {
  /** Makes these the lines that stay; the equal ones at the beginning are not drawn again. */
  readonly page: (lines: readonly string[]) => void
  readonly frame: (frame: Frame) => void
  /** Removes the frame and shows the cursor where it began. */
  readonly clear: () => void
  /** Removes frame and page, to draw both again for another width. */
  readonly wipe: () => void
  /** Begins again below what is there. */
  readonly forget: () => void
}

/** A painter that moves relative to its own cursor only, so that it works wherever it begins. */
export const painterOn = (surface: Surface): Painter => {
  let page: readonly string[] = []
  let frame: Frame | null = null
  const clear = (): void => {
    if (frame === null) return
    surface.write(`${toTop(frame, surface.columns)}${ERASE_DOWN}${SHOW_CURSOR}`)
    frame = null
  }
  return {
    clear,
    wipe: () => {
      const folded = [...page, ...(frame?.lines ?? [])].some(line => isFolded(line, surface))
      clear()
      // Where the cursor is among folded lines differs between terminals, so the window is drawn from its top.
      surface.write(
        folded ? HOME + ERASE_DOWN : `${up(rowsOf(page, surface.columns))}\r${ERASE_DOWN}`,
      )
      page = []
    },
    forget: () => {
      page = []
    },
    page: lines => {
      clear()
      const kept = equalBeginning(page, lines)
      const rows = rowsOf(page.slice(kept), surface.columns)
      const fresh = lines.slice(kept)
      if (rows > 0) surface.write(`${up(rows)}\r${ERASE_DOWN}`)
      if (fresh.length > 0) surface.write(`${fresh.join('\r\n')}\r\n`)
      page = lines
    },
    frame: next => {
      const top = frame === null ? '' : toTop(frame, surface.columns)
      surface.write(`${top}${ERASE_DOWN}${next.lines.join('\r\n')}${cursorIn(next)}`)
      frame = next
    },
  }
}

/** Shows the cursor; safe to write at any time. */
export const SHOW_CURSOR = '\u001b[?25h'

const HIDE_CURSOR = '\u001b[?25l'
const HOME = '\u001b[H'
const ERASE_DOWN = '\u001b[J'

const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '')

const cursorIn = ({ lines, cursor }: Frame): string => {
  const { line, column } = cursor ?? { line: 0, column: 0 }
  const right = column > 0 ? `\u001b[${column}C` : ''
  const visible = cursor === null ? HIDE_CURSOR : SHOW_CURSOR
  return `${up(lines.length - 1 - line)}\r${right}${visible}`
}

/** A hidden cursor rests on the frame's first row, so a resize that wraps the lines below does not matter. */
const toTop = ({ lines, cursor }: Frame, columns: number): string =>
  `${up(rowsOf(lines.slice(0, cursor?.line ?? 0), columns))}\r`

const isFolded = (line: string, { columns }: Surface): boolean =>
  cells(stripVTControlCharacters(line)) > columns

/** A line that was drawn in a wider window takes more rows in a narrower one. */
const rowsOf = (lines: readonly string[], columns: number): number =>
  lines.reduce((sum, line) => {
    const width = cells(stripVTControlCharacters(line))
    return sum + Math.max(1, Math.ceil(width / columns))
  }, 0)

const equalBeginning = (a: readonly string[], b: readonly string[]): number => {
  const different = a.findIndex((line, i) => line !== b[i])
  return different === -1 ? a.length : different
}
