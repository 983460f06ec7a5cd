import { TextDecoder } from 'node:util'
import type { Reader, Reading, Source } from './reader.ts'
import { counted } from '../../text/units.ts'

/** The events of a stream of lines. */
export interface LineSink {
  /** A finished line, without its line end, escape sequences and control characters. */
  readonly line: (text: string, source: Source) => void
  /** A version of a line that a carriage return ended; the line itself follows when it is finished. */
  readonly version?: (text: string, source: Source) => void
}

/** Cuts chunks into lines. */
export interface LineCutter {
  readonly read: (chunk: Uint8Array, source: Source) => void
  /** Returns the unfinished last lines to the sink. */
  readonly end: () => void
}

interface Held {
  readonly source: Source
  readonly decoder: TextDecoder
  /** The line so far, since its last carriage return. */
  text: string
  /** How many characters beyond the longest line were left out of `text`. */
  dropped: number
  /** The last version with text in it that a carriage return ended. */
  version: string
}

const LONGEST = 10_000
const CONTROL = /[\0-\x08\x0a-\x1f\x7f-\x9f]/
const CONTROLS = new RegExp(CONTROL, 'g')
const STRINGS =
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)/g
const SEQUENCES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|$)|\x1b[ -/]*[0-~]/g

/** Reads any text: every line of either stream becomes a log line. */
export const linesReader = (): Reader => {
  let readings: Reading[] = []
  const cutter = lineCutter({ line: text => readings.push({ kind: 'line', text }) })
  const taken = (): Reading[] => {
    const all = readings
    readings = []
    return all
  }
  return {
    read: (chunk, source) => {
      cutter.read(chunk, source)
      return taken()
    },
    end: () => {
      cutter.end()
      return taken()
    },
  }
}

/**
 * Cuts the chunks of both streams into lines, whatever the cuts between chunks. A carriage return lets the next
 * text overwrite the line; before a line end it belongs to the line end. A line over 10,000 characters is cut, saying so.
 */
export const lineCutter = (sink: LineSink): LineCutter => {
  const streams = { stdout: held('stdout'), stderr: held('stderr') }
  return {
    read: (chunk, source) => feed(streams[source], decode(streams[source], chunk), sink),
    end: () => {
      for (const stream of [streams.stdout, streams.stderr]) {
        feed(stream, stream.decoder.decode(), sink)
        if (current(stream) !== '') finish(stream, sink)
      }
    },
  }
}

/** The text without escape sequences and control characters (a tab stays). */
export const cleanText = (text: string): string =>
  CONTROL.test(text) ? text.replace(STRINGS, '').replace(SEQUENCES, '').replace(CONTROLS, '') : text

/** The text as one log line: clean, and cut at 10,000 characters with a note. */
export const cleanLine = (text: string): string =>
  cutText(text.slice(0, LONGEST), Math.max(0, text.length - LONGEST))

const held = (source: Source): Held => ({
  source,
  decoder: new TextDecoder(),
  text: '',
  dropped: 0,
  version: '',
})

const decode = (stream: Held, chunk: Uint8Array): string =>
  stream.decoder.decode(chunk, { stream: true })

const feed = (stream: Held, text: string, sink: LineSink): void => {
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    extend(stream, text.slice(start, end), sink)
    finish(stream, sink)
    start = end + 1
  }
  extend(stream, text.slice(start), sink)
}

const extend = (stream: Held, part: string, sink: LineSink): void => {
  if (!part.includes('\r')) return keep(stream, part)
  const versions = part.split('\r')
  const last = versions.pop() ?? ''
  for (const version of versions) {
    keep(stream, version)
    overwrite(stream, sink)
  }
  keep(stream, last)
}

const keep = (stream: Held, part: string): void => {
  const room = LONGEST - stream.text.length
  stream.text += part.length > room ? part.slice(0, room) : part
  stream.dropped += Math.max(0, part.length - room)
}

const overwrite = (stream: Held, sink: LineSink): void => {
  const text = cutText(stream.text, stream.dropped)
  stream.text = ''
  stream.dropped = 0
  if (text === '') return
  stream.version = text
  sink.version?.(text, stream.source)
}

const finish = (stream: Held, sink: LineSink): void => {
  const text = current(stream)
  stream.text = ''
  stream.dropped = 0
  stream.version = ''
  sink.line(text, stream.source)
}

const current = (stream: Held): string => cutText(stream.text, stream.dropped) || stream.version

const cutText = (text: string, dropped: number): string => {
  if (dropped === 0) return cleanText(text)
  const whole = text.replace(/[\uD800-\uDBFF]$/, '')
  return `${cleanText(whole)} … (${counted(dropped + text.length - whole.length, 'more character')})`
}
