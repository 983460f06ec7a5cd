import { cleanLine } from './lines.ts'

/** A message of debootstrap: an information, a warning or an error. */
export interface Message {
  readonly letter: string
  /** Its symbolic name: `RETRIEVING`, `NOGETREL`. */
  readonly name: string
  /** Its words, as debootstrap writes them for people. */
  readonly text: string
}

/** Puts messages together from the lines that they come in. */
export interface Messages {
  /** Takes a line; gives the messages that are complete with it, or null when the line belongs to none. */
  readonly take: (line: string) => readonly Message[] | null
  /** The output is over: a message that lacks its words. */
  readonly end: () => readonly Message[]
}

interface Held {
  readonly letter: string
  readonly name: string
  readonly values: string[]
}

const START = /^([IWE]): ([A-Z][A-Z0-9_]*)$/
const PART = /^([IWE])([AF]):(?: (.*))?$/

/**
 * Reads the messages of `debootstrap --debian-installer`: `I: NAME`, an `IA: value` for each value, then `IF: format`;
 * the same with W and E (its /usr/share/debootstrap/functions). Other lines may come between them.
 */
export const createMessages = (): Messages => {
  let held: Held | null = null
  const flush = (): readonly Message[] => {
    const cut = held === null ? [] : [messageOf(held, '')]
    held = null
    return cut
  }
  const take = (line: string): readonly Message[] | null => {
    const [, letter = '', name] = START.exec(line) ?? []
    if (name !== undefined) {
      const cut = flush()
      held = { letter, name, values: [] }
      return cut
    }
    const [, owner, part, text = ''] = PART.exec(line) ?? []
    if (owner === undefined || held?.letter !== owner) return null
    if (part === 'F') {
      const whole = messageOf(held, text)
      held = null
      return [whole]
    }
    held.values.push(text)
    return []
  }
  return { take, end: flush }
}

/**
 * A message as log lines. An error keeps its name, which says more than the words do:
 * `E: Failed getting release file URL (E: NOGETREL)`.
 */
export const messageLines = ({ letter, name, text }: Message): readonly string[] => {
  const [first = '', ...rest] = text === '' ? [name] : text.split('\\n')
  const code = letter === 'E' && text !== '' ? ` (E: ${name})` : ''
  return [`${letter}: ${first}${code}`, ...rest].map(line => cleanLine(line.trimEnd()))
}

const messageOf = ({ letter, name, values }: Held, format: string): Message => ({
  letter,
  name,
  text: filled(format, values).trim(),
})

/** As printf does it: each `%s` takes a value, and nothing when there are none left. */
const filled = (format: string, values: readonly string[]): string => {
  let next = 0
  const text = format.replace(/%[sd%]/g, sign => (sign === '%%' ? '%' : (values[next++] ?? '')))
  return [text, ...values.slice(next)].join(' ')
}
