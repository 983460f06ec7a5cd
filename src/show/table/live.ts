import { performance } from 'node:perf_hooks'
import type { BuildEnded, BuildView } from '../../run/build-events.ts'
import type { Event, StepFailed } from '../../run/events.ts'
import { printable, printableColours } from '../../text/printable.ts'
import { SPINNER_PACE } from '../live/frame.ts'
import { actionsFor } from '../live/keys.ts'
import { paintLine } from '../live/line.ts'
import { lookFor } from '../live/look.ts'
import { openScreen, type OpenScreen } from '../live/open-screen.tsx'
import { TURN } from '../live/pace.ts'
import { foldText } from '../fold-text.ts'
import { failureText } from '../texts.ts'
import { firstRows, rowAfter, tableLines, type Row } from './rows.ts'
import { headText, summaryText } from './texts.ts'

export interface TableOptions {
  readonly stdout: NodeJS.WriteStream
  readonly stdin: NodeJS.ReadStream
  readonly colour: boolean
  readonly unicode: boolean
  /** Ctrl-C was pressed; called at each press. */
  readonly onStop: () => void
}

/** Draws many runs as one table with a row for each, and a failure above it as soon as it is known. For a terminal. */
export const tableView = (options: TableOptions): BuildView => {
  const look = lookFor(options)
  const began = performance.now()
  let rows: readonly Row[] = []
  let jobs = 1
  let lasting: string[] = []
  let screen: OpenScreen | null = null
  const change = (index: number, to: (row: Row) => Row): void => {
    rows = rows.map((row, at) => (at === index ? to(row) : row))
  }
  const draw = (): void => {
    const { stdout } = options
    if (rows.length === 0 || stdout.writableNeedDrain) return
    const now = performance.now()
    const signs = look.glyphs.spinner
    const spinner = signs[Math.floor(now / SPINNER_PACE) % signs.length] ?? ''
    const size = { columns: stdout.columns || 80, rows: stdout.rows || 24 }
    const lines = tableLines({ rows, jobs, look, size, now, began, spinner })
    screen ??= openScreen({ ...options, onInput: press })
    screen.draw(
      lasting,
      lines.map(line => paintLine(line, look.paint)),
    )
    lasting = []
  }
  const press = (input: string, ctrl: boolean): void => {
    if (actionsFor(input, ctrl).includes('stop')) options.onStop()
  }
  const failed = (failure: Extract<Event, StepFailed>, { name, steps }: Row): string => {
    const text = printableColours(failureText(failure, steps, look.paint))
    return foldText(`[${printable(name)}] ${text}`, options.stdout.columns || 80)
  }
  const timer = setInterval(draw, TURN * 2)
  const close = (): void => {
    clearInterval(timer)
    screen?.close()
    screen = null
  }
  return {
    start: event => {
      rows = firstRows(event)
      jobs = event.jobs
      lasting.push('', `create-base-image   ${look.paint.strong(headText(event))}`, '')
      draw()
    },
    show: (index, events) => {
      for (const event of events) {
        change(index, row => rowAfter(row, event, performance.now()))
        if (event.type === 'step-failed') lasting.push(failed(event, rows[index]!))
      }
    },
    ended: (index, end) => change(index, row => ({ ...row, end })),
    finish: (ended: BuildEnded) => {
      draw()
      close()
      const text = summaryText(ended, look.paint, options.stdout.columns || 80)
      options.stdout.write(printableColours(look.signs(text)))
    },
    close,
  }
}
