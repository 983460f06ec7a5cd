import { cleanLine } from './lines.ts'

/** The events of a stream of JSON objects. */
export interface JsonSink {
  readonly value: (value: Fields) => void
  /** A line that is not JSON, clean; blank lines are not reported. */
  readonly text: (line: string) => void
}

export interface JsonCutter {
  readonly read: (chunk: Uint8Array) => void
  /** Returns what is left to the sink, as text when it is not a whole value. */
  readonly end: () => void
}

/** A JSON object whose fields nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>

interface Scan {
  held: string
  /** How much of `held` was looked at. */
  at: number
  depth: number
  quoted: boolean
}

const LONGEST_VALUE = 8_000_000
const OUTSIDE = /[{}"]|\n(?=[^ \t\r\n}\]])/g
const INSIDE = /["\n]|\\./g

/**
 * Cuts a stream into JSON objects, whether each is on one line or over many and wherever chunks are cut, and into
 * lines of other text between and after them. A broken value becomes text, so nothing is lost.
 */
export const jsonCutter = (sink: JsonSink): JsonCutter => {
  const decoder = new TextDecoder()
  const scan: Scan = { held: '', at: 0, depth: 0, quoted: false }
  const take = (text: string): void => {
    scan.held += text
    while (step(scan, sink));
  }
  return {
    read: chunk => take(decoder.decode(chunk, { stream: true })),
    end: () => {
      take(decoder.decode())
      giveText(scan, scan.held.length, sink)
    },
  }
}

/** The field as text, or null. */
export const textField = (fields: Fields, name: string): string | null => {
  const value = fields[name]
  return typeof value === 'string' ? value : null
}

/** The field as a number that can count something (not negative, exact), or null. */
export const countField = (fields: Fields, name: string): number | null => {
  const value = fields[name]
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : null
}

/** The field as an object; empty when it is none. */
export const objectField = (fields: Fields, name: string): Fields => {
  const value = fields[name]
  return isFields(value) ? value : {}
}

/** The objects in a field that is a list; empty when it is none. */
export const listField = (fields: Fields, name: string): readonly Fields[] => {
  const value = fields[name]
  return Array.isArray(value) ? value.filter(isFields) : []
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Takes one value or one line from what is held; false when more must come first. */
const step = (scan: Scan, sink: JsonSink): boolean => {
  if (scan.depth > 0) return stepValue(scan, sink)
  scan.held = scan.held.replace(/^(?:[ \t\r]*\n)+/, '').replace(/^[ \t\r]+(?=\{)/, '')
  if (scan.held.startsWith('{')) return startValue(scan)
  const end = scan.held.indexOf('\n', scan.at)
  if (end === -1) scan.at = /\S/.test(scan.held) ? scan.held.length : 0
  else giveText(scan, end + 1, sink)
  return end !== -1
}

const startValue = (scan: Scan): boolean => {
  scan.at = 1
  scan.depth = 1
  return true
}

/** Looks on from structural character to structural character until the value ends or turns out broken. */
const stepValue = (scan: Scan, sink: JsonSink): boolean => {
  for (;;) {
    const pattern = scan.quoted ? INSIDE : OUTSIDE
    pattern.lastIndex = scan.at
    const found = pattern.exec(scan.held)
    if (found === null) return waitForMore(scan, sink)
    scan.at = pattern.lastIndex
    if (found[0] === '\n') return giveText(scan, found.index + 1, sink)
    turn(scan, found[0])
    if (scan.depth === 0) return giveValue(scan, sink)
  }
}

const turn = (scan: Scan, mark: string): void => {
  if (mark === '"') scan.quoted = !scan.quoted
  if (mark === '{') scan.depth += 1
  if (mark === '}') scan.depth -= 1
}

const waitForMore = (scan: Scan, sink: JsonSink): boolean => {
  if (scan.held.length > LONGEST_VALUE) return giveText(scan, scan.held.length, sink)
  // A backslash or a line end at the cut needs the character after it.
  scan.at = scan.held.length - (/[\\\n]$/.test(scan.held.slice(scan.at)) ? 1 : 0)
  return false
}

const giveValue = (scan: Scan, sink: JsonSink): boolean => {
  const value = parsed(scan.held.slice(0, scan.at))
  if (value === null) return giveText(scan, scan.at, sink)
  forget(scan, scan.at)
  sink.value(value)
  return true
}

const giveText = (scan: Scan, end: number, sink: JsonSink): boolean => {
  const text = scan.held.slice(0, end)
  forget(scan, end)
  for (const line of text.split('\n')) {
    const clean = cleanLine(line.slice(line.lastIndexOf('\r', line.length - 2) + 1))
    if (clean.trim() !== '') sink.text(clean)
  }
  return true
}

const forget = (scan: Scan, end: number): void => {
  scan.held = scan.held.slice(end)
  scan.at = 0
  scan.depth = 0
  scan.quoted = false
}

const parsed = (text: string): Fields | null => {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : null
  } catch {
    return null
  }
}
