/** The order of versions as apk-tools 2.14 has it (`digits{.digits}{letter}{_suffix{digits}}{-rDIGITS}`). */

/** The kinds of a version's parts, in the order in which a part that ends earlier counts as newer. */
const DOTTED = 0
const DIGITS = 1
const LETTER = 2
const SUFFIX = 3
const SUFFIX_NUMBER = 4
const REVISION = 5
const END = 6
const INVALID = -1

interface Part {
  readonly kind: number
  readonly value: number
}

const BEFORE = ['alpha', 'beta', 'pre', 'rc']
const AFTER = ['cvs', 'svn', 'git', 'hg', 'p']
const MOST_DIGITS = 17

/** Returns whether a text is a version that apk accepts. */
export const isVersion = (text: string): boolean =>
  USUAL.test(text) || (/^\d/.test(text) && partsOf(text).at(-1)?.kind === END)

// An index has tens of thousands: nearly all are of this form.
const USUAL =
  /^\d{1,17}(?:\.\d{1,17})*[a-z]?(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d{0,17})*(?:-r\d{1,17})?$/

/** Returns -1 when `a` is older than `b`, 1 when it is newer, 0 when apk takes them for equal. */
export const compareVersions = (a: string, b: string): number => compare(partsOf(a), partsOf(b))

/** Returns whether `version` begins with the parts of `wanted`, as `~1.2` asks for any 1.2.x. */
export const beginsWith = (version: string, wanted: string): boolean =>
  compare(partsOf(version), partsOf(wanted), true) === 0

const compare = (a: readonly Part[], b: readonly Part[], fuzzy = false): number => {
  let at = 0
  while (sameKind(a[at], b[at])) {
    if (ends(a[at])) return 0
    const difference = Math.sign((a[at]?.value ?? 0) - (b[at]?.value ?? 0))
    if (difference !== 0) return difference
    at++
  }
  if (fuzzy) return 0
  if (isBefore(a[at])) return -1
  if (isBefore(b[at])) return 1
  return Math.sign((b[at]?.kind ?? END) - (a[at]?.kind ?? END))
}

const sameKind = (a: Part | undefined, b: Part | undefined): boolean => a?.kind === b?.kind

const ends = (part: Part | undefined): boolean =>
  part === undefined || part.kind === END || part.kind === INVALID

const isBefore = (part: Part | undefined): boolean => part?.kind === SUFFIX && part.value < 0

const partsOf = (text: string): Part[] => {
  const parts: Part[] = []
  let kind = DIGITS
  let rest = text
  while (kind !== END && kind !== INVALID) {
    const read = readPart(kind, rest)
    if (read === null) {
      parts.push({ kind, value: -1 }, { kind: INVALID, value: -1 })
      return parts
    }
    parts.push({ kind, value: read.value })
    const next = read.next ?? nextKind(kind, rest.slice(read.length))
    rest = rest.slice(read.length + (read.next === undefined ? markLength(kind, rest, read) : 0))
    kind = next
  }
  parts.push({ kind, value: 0 })
  return parts
}

interface Read {
  readonly value: number
  readonly length: number
  /** The kind that follows when the part itself decides it. */
  readonly next?: number
}

const readPart = (kind: number, text: string): Read | null => {
  if (kind === DOTTED && text.startsWith('0')) return leadingZeros(text)
  if (kind === LETTER) return { value: text.charCodeAt(0), length: 1 }
  if (kind === SUFFIX) return readSuffix(text)
  const digits = /^\d*/.exec(text)?.[0] ?? ''
  if (digits.length > MOST_DIGITS) return null
  return { value: Number(digits), length: digits.length }
}

// `1.05` is older than `1.1`: zeros that lead are a part of their own, which counts against the version.
const leadingZeros = (text: string): Read => {
  const zeros = /^0+/.exec(text)?.[0].length ?? 1
  return { value: zeros === 1 ? 0 : 1 - zeros, length: zeros - 1, next: DIGITS }
}

const readSuffix = (text: string): Read | null => {
  const before = BEFORE.findIndex(word => text.startsWith(word))
  if (before !== -1) {
    return { value: before - BEFORE.length, length: BEFORE[before]?.length ?? 0 }
  }
  const after = AFTER.findIndex(word => text.startsWith(word))
  return after === -1 ? null : { value: after, length: AFTER[after]?.length ?? 0 }
}

const nextKind = (kind: number, rest: string): number => {
  if (rest === '') return END
  const next = markedKind(kind, rest)
  const backwards = next < kind
  const allowed =
    (next === DOTTED && kind === DIGITS) ||
    (next === SUFFIX && kind === SUFFIX_NUMBER) ||
    (next === DIGITS && kind === LETTER)
  return backwards && !allowed ? INVALID : next
}

const markedKind = (kind: number, rest: string): number => {
  if (kind <= DIGITS && /^[a-z]/.test(rest)) return LETTER
  if (kind === LETTER && /^\d/.test(rest)) return DIGITS
  if (kind === SUFFIX && /^\d/.test(rest)) return SUFFIX_NUMBER
  if (rest.startsWith('.')) return DOTTED
  if (rest.startsWith('_')) return SUFFIX
  return rest.startsWith('-r') ? REVISION : INVALID
}

/** The characters between a part and the next that belong to neither: `.`, `_`, `-r`. */
const markLength = (kind: number, text: string, read: Read): number => {
  const rest = text.slice(read.length)
  if (kind <= DIGITS && /^[a-z]/.test(rest)) return 0
  if ((kind === LETTER || kind === SUFFIX) && /^\d/.test(rest)) return 0
  return rest.startsWith('-r') ? 2 : 1
}
