import type { Option } from '../asker.ts'

/** What a typed text leaves of a list. */
export interface Narrowed {
  /** For each option of the list, whether it stays. */
  readonly shown: readonly boolean[]
  /** In how many options the text was found. */
  readonly found: number
  /** The index of the best of them, past the end when there is none; null when nothing was typed. */
  readonly best: number | null
}

/** Leaves the options in whose label or other words every typed word occurs; best where all begin a word. */
export const narrowed = (options: readonly Option[], text: string): Narrowed => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const texts = options.map(({ label, also = '' }) => ` ${label} ${also}`.toLowerCase())
  const having = (before: string): boolean[] =>
    texts.map(text => words.every(word => text.includes(before + word)))
  const found = having('')
  const first = [having(' '), found].map(list => list.indexOf(true)).find(index => index >= 0)
  return {
    shown: options.map(
      ({ always, rare }, i) => always === true || (found[i]! && (!rare || words.length > 0)),
    ),
    found: found.filter(Boolean).length,
    best: words.length === 0 ? null : (first ?? options.length),
  }
}
