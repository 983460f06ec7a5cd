import { size } from '../text/units.ts'
import { wholeWords } from '../text/whole-words.ts'

/** How bars and stacks are drawn. */
export interface Drawing {
  /** Columns in all. */
  readonly width: number
  /** Whether signs beyond ASCII can be shown. */
  readonly unicode: boolean
}

/** Something with a size. */
export interface Sized {
  readonly name: string
  readonly bytes: number
}

const BAR = 20

/** Returns a line for each thing: its name, its size, and a bar that compares it with the largest one. */
export const barLines = (things: readonly Sized[], { width, unicode }: Drawing): string[] => {
  const name = Math.min(longest(things.map(thing => thing.name)), Math.max(8, width - BAR - 12))
  const largest = Math.max(1, ...things.map(({ bytes }) => bytes))
  const full = Math.max(4, Math.min(BAR, width - name - 14))
  return things.map(({ name: text, bytes }) => {
    const bar = (unicode ? '█' : '#').repeat(barOf(bytes, largest, full))
    return `${clipped(text, name, unicode).padEnd(name)}  ${size(bytes).padStart(9)}  ${bar}`.trimEnd()
  })
}

/** What is there has a bar, however small. */
const barOf = (bytes: number, largest: number, full: number): number =>
  bytes === 0 ? 0 : Math.max(1, Math.round((bytes / largest) * full))

/** An instruction of an image's history and the bytes that it added. */
export type Layer = Sized

/** Returns an image drawn as the stack that it is: the newest instruction on top, what it stands on below. */
export const stackLines = (
  layers: readonly Layer[],
  ground: string,
  drawing: Drawing,
): string[] => {
  const rule = (drawing.unicode ? '─' : '-').repeat(Math.min(30, drawing.width - 2))
  const notes = layers.filter(({ bytes }) => bytes === 0)
  const real = layers.filter(({ bytes }) => bytes > 0)
  const small: Drawing = { ...drawing, width: drawing.width - 8 }
  return [
    ...notes.map(({ name }) => `note   ${clipped(name, drawing.width - 7, drawing.unicode)}`),
    ...barLines(real, small).map(line => `layer  ${line}`),
    rule,
    ground,
  ]
}

/** Returns a text cut to a width, with a sign that there is more. */
export const clipped = (text: string, width: number, unicode: boolean): string => {
  if (text.length <= width) return text
  const more = unicode ? '…' : '...'
  return `${wholeWords(text, text.slice(0, Math.max(0, width - more.length)))}${more}`
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map(text => text.length))
