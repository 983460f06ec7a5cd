import { characters } from './text.ts'

/** A line being typed: the text, and the cursor as an index in it. */
export interface Typed {
  readonly text: string
  readonly cursor: number
}

/** Without the character before the cursor; enquirer takes half an emoji. */
export const deleteBefore = ({ text, cursor }: Typed): Typed => {
  const start = before(text, cursor)
  return { text: text.slice(0, start) + text.slice(cursor), cursor: start }
}

/** Without the character under the cursor. */
export const deleteUnder = ({ text, cursor }: Typed): Typed => ({
  text: text.slice(0, cursor) + text.slice(after(text, cursor)),
  cursor,
})

/** The cursor one character to the left. */
export const moveLeft = ({ text, cursor }: Typed): Typed => ({
  text,
  cursor: before(text, cursor),
})

/** The cursor one character to the right. */
export const moveRight = ({ text, cursor }: Typed): Typed => ({
  text,
  cursor: after(text, cursor),
})

/** Without the word before the cursor. */
export const deleteWord = ({ text, cursor }: Typed): Typed => {
  const kept = text.slice(0, cursor).replace(/[^\s/]*[\s/]*$/, '')
  return { text: kept + text.slice(cursor), cursor: kept.length }
}

const before = (text: string, cursor: number): number =>
  cursor - (characters(text.slice(0, cursor)).at(-1)?.length ?? 0)

const after = (text: string, cursor: number): number =>
  cursor + (characters(text.slice(cursor))[0]?.length ?? 0)
