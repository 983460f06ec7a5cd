import { nearest } from '../text/nearest.ts'
import { readAsset } from '../assets.ts'
import { wrap } from '../text/wrap.ts'

/** A term of the field, explained. */
export interface Term {
  readonly term: string
  /** Other words for it. */
  readonly also: readonly string[]
  /** What it is, in one sentence. */
  readonly short: string
  /** What one does well to know of it. */
  readonly more: string
  /** Terms that belong to it. */
  readonly see: readonly string[]
}

/** Returns all terms, in the order in which they build on one another. */
export const readGlossary = (): readonly Term[] =>
  JSON.parse(readAsset('learn/glossary.json')) as Term[]

/** Returns the term that a word stands for, or null; upper and lower case and a plural's s do not matter. */
export const findTerm = (text: string, terms: readonly Term[]): Term | null => {
  const word = plain(text)
  const isNamed = (wanted: string) => (term: Term) =>
    namesOf(term).some(name => plain(name) === wanted)
  return terms.find(isNamed(word)) ?? terms.find(isNamed(word.replace(/s$/, ''))) ?? null
}

/** Returns up to five terms that may be meant by a word that is none: misspelt ones first, then those that speak of it. */
export const nearTerms = (text: string, terms: readonly Term[]): readonly Term[] => {
  const word = plain(text)
  const close = nearest(
    word,
    terms.flatMap(term => namesOf(term).map(plain)),
  )
  const misspelt = close === null ? null : findTerm(close, terms)
  const named = terms.filter(term => namesOf(term).some(name => plain(name).includes(word)))
  const speaking = terms.filter(({ short, more }) => plain(`${short} ${more}`).includes(word))
  const found = [...(misspelt === null ? [] : [misspelt]), ...named, ...speaking]
  return word === '' ? [] : [...new Set(found)].slice(0, 5)
}

/** Returns a term for a person, in lines of at most `width` columns. */
export const termText = ({ term, also, short, more, see }: Term, width: number): string =>
  [
    also.length === 0 ? term : `${term}  (${also.join(', ')})`,
    '',
    ...wrap(short, width, '  '),
    '',
    ...wrap(more, width, '  '),
    ...(see.length === 0 ? [] : ['', ...wrap(`See also: ${see.join(' · ')}`, width, '  ')]),
  ]
    .map(line => `${line}\n`)
    .join('')

/** Returns all terms by the alphabet with their one sentence, in lines of at most `width` columns. */
export const listText = (terms: readonly Term[], width: number): string =>
  [...terms]
    .sort((a, b) => (plain(a.term) < plain(b.term) ? -1 : 1))
    .flatMap(({ term, short }) => [term, ...wrap(short, width, '    ')])
    .map(line => `${line}\n`)
    .join('')

const namesOf = ({ term, also }: Term): string[] => [term, ...also]

const plain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[-_\s]+/g, ' ')
