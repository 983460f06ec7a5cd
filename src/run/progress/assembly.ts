import { lineCutter } from './lines.ts'
import type { Progress, Reader, Reading, Source } from './reader.ts'
import { progressTeller } from './teller.ts'

/** What a reader of a line format has to say. */
export interface LineFormat {
  /** Takes a finished line; gives the log lines it stands for. */
  readonly line: (text: string, source: Source) => readonly string[]
  /** Takes a version of a line that will be overwritten; gives the log lines it stands for. */
  readonly version?: (text: string, source: Source) => readonly string[]
  /** The output is complete; gives the log lines still held back. */
  readonly end?: () => readonly string[]
  /** How far the step is by everything that was taken, or null when nothing is known. */
  readonly progress: () => Progress | null
}

/** Makes a reader of a line format: cuts lines, collects log lines, reports progress at most once a chunk. */
export const lineFormatReader = (format: LineFormat): Reader => {
  const tell = progressTeller()
  const lines: string[] = []
  const cutter = lineCutter({
    line: (text, source) => lines.push(...format.line(text, source)),
    version: (text, source) => lines.push(...(format.version?.(text, source) ?? [])),
  })
  const taken = (): Reading[] => {
    const readings = lines.splice(0).map((text): Reading => ({ kind: 'line', text }))
    const progress = format.progress()
    return progress === null ? readings : [...readings, ...tell(progress)]
  }
  return {
    read: (chunk, source) => {
      cutter.read(chunk, source)
      return taken()
    },
    end: () => {
      cutter.end()
      lines.push(...(format.end?.() ?? []))
      return taken()
    },
  }
}
