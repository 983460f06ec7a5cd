/** How many columns a text takes in a terminal. */
export const cells = (text: string): number => {
  if (PLAIN.test(text)) return text.length
  return characters(text).reduce((sum, character) => sum + cellsOf(character), 0)
}

/** What a person sees as characters: an emoji with its modifiers is one. */
export const characters = (text: string): string[] =>
  PLAIN.test(text) ? [...text] : Array.from(segmenter().segment(text), ({ segment }) => segment)

/** The text in at most `width` columns, with a sign where it was cut. */
export const clip = (text: string, width: number): string => {
  if (cells(text) <= width) return text
  return `${fitting(characters(text), width - 1).join('')}…`
}

/** The text in at most `width` columns, cut between words where it can be, with a sign where it was cut. */
export const clipWords = (text: string, width: number): string => {
  if (cells(text) <= width) return text
  const [first = ''] = wrap(text, width - 2)
  return cells(first) < width / 2 ? clip(text, width) : `${first} …`
}

/** The text in lines of at most `width` columns; a word that is longer is cut in pieces. */
export const wrap = (text: string, width: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap(word => pieces(word, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && cells(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** The text without what would move the cursor or colour the screen: it may come from a file or a paste. */
export const harmless = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')

/** Texts of characters that take one column each: nearly all, and told without the tables below. */
const PLAIN =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u2018-\u2026\u2039\u203a\u2190-\u2193\u276f\u2714\u2716]*$/

let made: Intl.Segmenter | undefined

/** Made when it is first needed: it costs more than all else that the first question does. */
const segmenter = (): Intl.Segmenter => (made ??= new Intl.Segmenter())

/** East Asian wide and fullwidth forms, as Unicode's East Asian Width lists them, by their blocks. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u
const INVISIBLE = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u

const cellsOf = (character: string): number => {
  if (INVISIBLE.test(character)) return 0
  return WIDE.test(character) || character.includes('\ufe0f') ? 2 : 1
}

const fitting = (all: readonly string[], width: number): string[] => {
  let sum = 0
  return all.filter(character => (sum += cellsOf(character)) <= width)
}

const pieces = (word: string, width: number): string[] => {
  if (cells(word) <= width) return [word]
  const rest = characters(word)
  const found: string[] = []
  while (rest.length > 0) {
    const piece = fitting(rest, Math.max(width, 2))
    found.push(piece.join(''))
    rest.splice(0, piece.length)
  }
  return found
}
