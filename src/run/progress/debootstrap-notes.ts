import { size } from '../../text/units.ts'

/** What a script of ours says about itself between the lines of its programs. */
export type Note =
  /** `Z: 121503744 package lists removed`: what the root filesystem measures now. */
  | { readonly kind: 'size'; readonly bytes: number; readonly after: string }
  /** `S: 87275520`: how many bytes of tar follow on stdout. */
  | { readonly kind: 'announced'; readonly bytes: number }
  /** `T: removing package lists`: what the script does now. */
  | { readonly kind: 'doing'; readonly text: string }
  /** `M: http://deb.debian.org/debian`: the mirror that packages are fetched from. */
  | { readonly kind: 'mirror'; readonly url: string }

// Fifteen digits are exact in a number; a size with more is none.
const SIZE = /^Z: (\d{1,15})(?: (.*))?$/
const ANNOUNCED = /^S: (\d{1,15})$/
const MIRROR = /^M: (https?:\S+)$/
const DOING = /^T: (.*\S)/

/** Reads a line as a note of our script, or gives null when it is none. */
export const readNote = (line: string): Note | null => {
  const [, bytes, after = ''] = SIZE.exec(line) ?? []
  if (bytes !== undefined) return { kind: 'size', bytes: Number(bytes), after: after.trim() }
  const announced = ANNOUNCED.exec(line)?.[1]
  if (announced !== undefined) return { kind: 'announced', bytes: Number(announced) }
  const url = MIRROR.exec(line)?.[1]
  if (url !== undefined) return { kind: 'mirror', url }
  const text = DOING.exec(line)?.[1]
  return text === undefined ? null : { kind: 'doing', text }
}

/**
 * A note as a log line: `120 MB after: package lists removed (50.4 MB less)`. `before` is the size that the note
 * before it told in bytes, or null.
 */
export const noteText = (note: Note, before: number | null): string => {
  if (note.kind === 'doing') return note.text
  if (note.kind === 'mirror') return `The packages come from ${note.url}`
  if (note.kind === 'announced') return `The tar will have ${size(note.bytes)}.`
  const after = note.after === '' ? '' : ` after: ${note.after}`
  return `${size(note.bytes)}${after}${before === null ? '' : ` (${change(note.bytes - before)})`}`
}

const change = (bytes: number): string =>
  bytes === 0 ? 'no change' : `${size(Math.abs(bytes))} ${bytes < 0 ? 'less' : 'more'}`
