import { BootstrapError } from '../errors.ts'

/** The fields of a stanza by their names in lower case; folded lines stay folded, without the first line's spaces. */
export type Fields = ReadonlyMap<string, string>

/**
 * Returns the fields of one stanza (deb822(5)); the first of two that have one name counts. `what` names the text in
 * messages. Throws `index-malformed` for a line that is neither a field, nor a continuation, nor a comment.
 */
export const parseStanza = (text: string, what: string): Fields => {
  if (text.length > LONGEST) throw malformed(what, 'a stanza is longer than 4 MB')
  const fields = new Map<string, string>()
  let name: string | null = null
  let value: string[] = []
  const keep = () => {
    if (name !== null && !fields.has(name)) fields.set(name, value.join('\n'))
  }
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line === '') continue
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (name === null) throw malformed(what, `a continuation comes first: ${shown(line)}`)
      value.push(line)
      continue
    }
    const colon = line.indexOf(':')
    if (colon <= 0 || !isName(line, colon)) throw malformed(what, `no field: ${shown(line)}`)
    keep()
    name = line.slice(0, colon).toLowerCase()
    value = [line.slice(colon + 1).trim()]
  }
  keep()
  return fields
}

/**
 * Returns the stanzas of a text, such as a lock's or a sources file's, each as its lines. Lines of spaces part stanzas
 * as empty ones do.
 */
export const splitStanzas = (text: string): string[] =>
  text
    .replaceAll('\r\n', '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .filter(stanza => stanza.trim() !== '')
    .map(stanza => stanza.replace(/^\n+|\n+$/g, ''))

/** Where stanza `n` of some bytes begins and where it ends, without the empty line after it. */
export interface StanzaPlaces {
  readonly count: number
  readonly start: (n: number) => number
  readonly end: (n: number) => number
  /** The stanza that holds a byte, by its place; -1 when none does. */
  readonly at: (place: number) => number
}

/**
 * Finds the stanzas of an index by its empty lines, without reading what is in them. Throws `index-too-large` when there
 * are more than a million.
 */
export const placesOf = (bytes: Buffer, what: string): StanzaPlaces => {
  let starts = new Uint32Array(1024)
  let ends = new Uint32Array(1024)
  let count = 0
  let from = skipEmpty(bytes, 0)
  while (from < bytes.length) {
    const gap = bytes.indexOf(EMPTY_LINE, from)
    const to = gap < 0 ? endOf(bytes) : gap
    if (count === MOST)
      throw new BootstrapError('index-too-large', `${what} has too many packages.`)
    if (count === starts.length) [starts, ends] = [doubled(starts), doubled(ends)]
    starts[count] = from
    ends[count++] = to
    from = gap < 0 ? bytes.length : skipEmpty(bytes, gap)
  }
  return {
    count,
    start: n => starts[n]!,
    end: n => ends[n]!,
    at: place => holder(starts, ends, count, place),
  }
}

const LONGEST = 4_000_000
const MOST = 1_000_000
const EMPTY_LINE = Buffer.from('\n\n')
const NEWLINE = 10

const malformed = (what: string, why: string): BootstrapError =>
  new BootstrapError('index-malformed', `${what} is not in the form of a control file: ${why}.`, [
    'The mirror may have sent something else; try another with --mirror URL.',
  ])

const shown = (line: string): string => JSON.stringify(line.slice(0, 60))

/** Field names are printable ASCII without spaces and colons. */
const isName = (line: string, end: number): boolean => {
  for (let at = 0; at < end; at++) {
    const code = line.charCodeAt(at)
    if (code <= 32 || code > 126) return false
  }
  return true
}

const skipEmpty = (bytes: Buffer, from: number): number => {
  let at = from
  while (bytes[at] === NEWLINE) at++
  return at
}

const endOf = (bytes: Buffer): number =>
  bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length

const doubled = (places: Uint32Array): Uint32Array<ArrayBuffer> => {
  const larger = new Uint32Array(places.length * 2)
  larger.set(places)
  return larger
}

const holder = (starts: Uint32Array, ends: Uint32Array, count: number, place: number): number => {
  let [low, high] = [0, count - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    if (starts[middle]! > place) high = middle - 1
    else if (ends[middle]! <= place) low = middle + 1
    else return middle
  }
  return -1
}
