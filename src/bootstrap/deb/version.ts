/**
 * Returns a negative number, 0 or a positive one as Debian version `a` is older than, the same as or newer than `b`:
 * epoch, upstream version and revision in turn, exactly as Debian Policy 5.6.12 and dpkg's lib/dpkg/version.c do.
 */
export const compareVersions = (a: string, b: string): number => {
  if (a === b) return 0
  const [left, right] = [split(a), split(b)]
  return (
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  )
}

/** Returns whether a text is a version that dpkg would take; `1:2.3-4~deb12u1` is. */
export const isVersion = (text: string): boolean => VERSION.test(text) && text.length <= LONGEST

/** The relations of dependencies, in the words of control files. */
export type Relation = '<<' | '<=' | '=' | '>=' | '>>'

/** Returns whether `version` is in `relation` to `wanted`, as in `Depends: libc6 (>= 2.36)`. */
export const isInRelation = (version: string, relation: Relation, wanted: string): boolean => {
  const order = compareVersions(version, wanted)
  switch (relation) {
    case '<<':
      return order < 0
    case '<=':
      return order <= 0
    case '=':
      return order === 0
    case '>=':
      return order >= 0
    case '>>':
      return order > 0
  }
}

const VERSION = /^(?:\d{1,9}:\d[A-Za-z0-9.+:~-]*|\d[A-Za-z0-9.+~-]*)(?<!-)$/
const LONGEST = 512

const split = (version: string): { epoch: number; upstream: string; revision: string } => {
  const colon = version.indexOf(':')
  const rest = version.slice(colon + 1)
  const dash = rest.lastIndexOf('-')
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)) || 0,
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  }
}

/** Compares by turns a run without digits, letter by letter, and a run of digits, as a number of any length. */
const compareParts = (a: string, b: string): number => {
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    while (isOther(a, i) || isOther(b, j)) {
      const order = weight(a, i) - weight(b, j)
      if (order !== 0) return order
      i++
      j++
    }
    const [left, right] = [digitsAt(a, i), digitsAt(b, j)]
    const order = compareDigits(left, right)
    if (order !== 0) return order
    i += left.length
    j += right.length
  }
  return 0
}

const isOther = (text: string, at: number): boolean => at < text.length && !isDigit(text, at)

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** `~` before the end, the end (or a digit) before letters, letters before all else. */
const weight = (text: string, at: number): number => {
  if (at >= text.length || isDigit(text, at)) return 0
  const code = text.charCodeAt(at)
  if (code === 126) return -1
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
  return isLetter ? code : code + 256
}

const digitsAt = (text: string, from: number): string => {
  let to = from
  while (to < text.length && isDigit(text, to)) to++
  return text.slice(from, to)
}

const compareDigits = (a: string, b: string): number => {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  if (left.length !== right.length) return left.length - right.length
  return left < right ? -1 : left > right ? 1 : 0
}
