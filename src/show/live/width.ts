import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import { wholeWords } from '../../text/whole-words.ts'

/**
 * Columns that a text takes, escape sequences aside. Code points are counted one by one: terminals disagree on what
 * joins them, and too wide a guess is harmless where too narrow a one breaks the frame.
 */
export const widthOf = (text: string): number => {
  const shown = text.includes('\u001B') ? stripVTControlCharacters(text) : text
  if (ASCII.test(shown)) return shown.length
  return [...shown].reduce((sum, character) => sum + characterWidth(character), 0)
}

/** A text from elsewhere as one line without anything that moves the cursor or has no width of its own. */
export const tidy = (text: string): string => {
  if (ASCII.test(text)) return text
  return stripVTControlCharacters(text)
    .replaceAll('\t', '    ')
    .replaceAll(/[\r\n\v\f]+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Variation_Selector}]/gu, '')
}

/** The text if it fits into that many columns, else its beginning and the sign that there is more. */
export const clip = (text: string, width: number, more: string): string => {
  if (widthOf(text) <= width) return text
  const sign = widthOf(more) < width ? more : ''
  return `${wholeWords(text, head(text, width - widthOf(sign)))}${sign}`
}

/** Spaces after a text up to a width. */
export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** A text cut into pieces of at most that many columns, anywhere. */
export const chop = (text: string, width: number): readonly string[] => {
  const pieces: string[] = []
  let rest = text
  while (rest !== '') {
    const piece = head(rest, width) || [...rest].slice(0, 1).join('')
    pieces.push(piece)
    rest = rest.slice(piece.length)
  }
  return pieces
}

/**
 * A line broken at spaces into lines of at most that many columns, the further ones indented by `hang`, by default
 * to be under the text of the first one.
 * A word that is wider stays whole, so that a path can be copied.
 */
export const fold = (
  line: string,
  width: number,
  hang = hangOf(stripVTControlCharacters(line), width),
): readonly string[] => {
  if (widthOf(line) <= width) return [line]
  // What a shell takes for a comment stays one.
  const indent = COMMENT.exec(line)?.[0] ?? ' '.repeat(hang)
  const lines: string[] = []
  let current = ''
  for (const [word] of line.matchAll(/ *[^ ]+/g)) {
    if (current.trim() !== '' && widthOf(current + word) > width) {
      lines.push(current.trimEnd())
      current = indent + word.trimStart()
    } else current += word
  }
  return [...lines, current]
}

const COMMENT = /^ *# /

/** Returns a command as it is, for the terminal to break; a comment beside it comes first where both don't fit. */
export const foldCommand = (line: string, width: number): readonly string[] => {
  if (widthOf(line) <= width) return [line]
  if (COMMENT.test(line)) return fold(line, width)
  const [, indent = '', command = '', comment] = /^( *)(.*?) +# (.*)$/.exec(line) ?? []
  return comment === undefined
    ? [line]
    : [...fold(`${indent}# ${comment}`, width), `${indent}${command}`]
}

const ASCII = /^[\x20-\x7E]*$/

/** Looking up a character is slow, and a frame holds the same ones again and again. */
const known = new Map<string, number>()

const characterWidth = (character: string): number => {
  const width = known.get(character) ?? stringWidth(character)
  known.set(character, width)
  return width
}

/** The longest beginning of a text that fits. */
const head = (text: string, width: number): string => {
  let used = 0
  let end = 0
  for (const character of text) {
    used += characterWidth(character)
    if (used > width) break
    end += character.length
  }
  return text.slice(0, end)
}

/** Where the text after a label begins (`  Size        810 kB`), or a line's own indentation. */
const hangOf = (line: string, width: number): number => {
  const own = /^ *(?:- )?/.exec(line)?.[0].length ?? 0
  const label = /^ *\S+(?: \S+)* {2,}/.exec(line)?.[0].length ?? own
  return label <= width * 0.4 ? label : Math.min(own + 2, Math.max(0, Math.floor(width / 4)))
}
