/**
 * What must not reach a terminal as it is: control characters, which steer it; line and paragraph separators, which
 * forge lines; direction marks and other invisible format characters, which change what is read; halves of characters.
 * The two joiners stay, because words of some scripts need them.
 */
const UNSAFE = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Returns a foreign text as it may stand within a line: what must not be shown is written as its escape, `\u001b`. */
export const printable = (text: string): string =>
  text.replace(UNSAFE, found => SHORT[found] ?? escaped(found))

/** Returns a text of several lines as it may be shown: as `printable`, but line ends and tabs stay. */
export const printableLines = (text: string): string =>
  text.replace(UNSAFE, found => (found === '\n' || found === '\t' ? found : escaped(found)))

/** Returns what `printableLines` returns, with the colours that our own views write left in. */
export const printableColours = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text
        .split(COLOUR)
        .map((part, at) => (at % 2 === 1 ? part : printableLines(part)))
        .join('')

// To make the pattern of everything that is unsafe takes a millisecond, which most texts can do without.
const PLAIN = /^[\n\t -~…]*$/

// Only what colours and weights text: nothing hides it, and nothing moves the cursor.
const COLOUR = /(\u001b\[(?:0|1|2|3|4|7|9|22|23|24|27|29|3[0-7]|39|4[0-7]|49|9[0-7])m)/

/** Returns a value as one line of JSON that is safe to show: what must not be shown is escaped, the value is the same. */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(UNSAFE, escaped)

const escaped = (found: string): string =>
  Array.from(
    { length: found.length },
    (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('')
